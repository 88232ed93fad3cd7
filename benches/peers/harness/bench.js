// Runs one program: `node bench.js PROGRAM SIZE` prints its result and the seconds that it took (on the wall: the language
// has no clock for CPU time).
const [program, size] = process.argv.slice(2);
const run = (0, eval)(require('fs').readFileSync(program, 'utf8'));
const start = performance.now();
const result = run(Number(size));
const seconds = (performance.now() - start) / 1000;
console.log(`${Number(result).toFixed(9)} ${seconds.toFixed(6)}`);
