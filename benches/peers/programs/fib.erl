%% The nth Fibonacci number the slow way: two calls for each.
-module(fib).
-export([main/1]).

fib(N) when N < 2 ->
    N;
fib(N) ->
    fib(N - 1) + fib(N - 2).

main([Size]) ->
    N = list_to_integer(Size),
    {Time, Result} = timed(fun() -> fib(N) end),
    io:format("~.9f ~.6f~n", [float(Result), Time / 1.0e6]),
    halt().

%% The microseconds that a function takes, and its result. They are of CPU time, whose clock ticks every millisecond;
%% when there are too few of those, they are on the wall.
timed(Function) ->
    {Before, _} = erlang:statistics(runtime),
    {Wall, Result} = timer:tc(Function),
    {After, _} = erlang:statistics(runtime),
    Cpu = (After - Before) * 1000,
    Time = if
        Cpu > 50000 -> Cpu;
        true -> Wall
    end,
    {Time, Result}.
