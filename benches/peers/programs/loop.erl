%% Counts to n while two sums grow and wrap at their limits: adding, comparing, branching.
-module(loop).
-export([main/1]).

loop(I, N, X, _) when I >= N ->
    X;
loop(I, N, X, K) ->
    NextX = X + K,
    WrappedX = if
        NextX > 1000003 -> NextX - 1000003;
        true -> NextX
    end,
    NextK = K + 7,
    WrappedK = if
        NextK > 1009 -> NextK - 1009;
        true -> NextK
    end,
    loop(I + 1, N, WrappedX, WrappedK).

main([Size]) ->
    N = list_to_integer(Size),
    {Time, Result} = timed(fun() -> loop(0, N, 1, 7) end),
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
