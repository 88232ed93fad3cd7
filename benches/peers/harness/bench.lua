-- Runs one program: `luajit bench.lua PROGRAM SIZE` prints its result and the seconds of CPU time that it took.
local program, size = arg[1], tonumber(arg[2])
local run = dofile(program)
local start = os.clock()
local result = run(size)
io.write(string.format("%.9f %.6f\n", result, os.clock() - start))
