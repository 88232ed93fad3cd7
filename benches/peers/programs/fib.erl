%% The nth Fibonacci number the slow way: two calls for each.
-module(fib).
-export([run/1]).

fib(N) when N < 2 ->
    N;
fib(N) ->
    fib(N - 1) + fib(N - 2).

run(N) ->
    fib(N).
