# Runs one program: `python3 bench.py PROGRAM SIZE` prints its result and the seconds of CPU time that it took.
import sys
import time

program, size = sys.argv[1], int(sys.argv[2])
sys.setrecursionlimit(100000)
names = {}
with open(program) as source:
    exec(compile(source.read(), program, "exec"), names)
start = time.thread_time()
result = names["run"](size)
print("%.9f %.6f" % (result, time.thread_time() - start))
