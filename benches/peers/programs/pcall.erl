%% Calls two functions deep, n times, and every fourth time the inner one throws: a try that mostly goes well.
-module(pcall).
-export([main/1]).

inner(I) when I band 3 =:= 0 ->
    throw(problem);
inner(I) ->
    I band 7.

outer(I) ->
    inner(I) + 1.

calls(I, N, Sum) when I > N ->
    Sum;
calls(I, N, Sum) ->
    Value = try
        outer(I)
    catch
        throw:problem -> 100
    end,
    calls(I + 1, N, Sum + Value).

%% It runs twenty times, because once is too short for the clock.
main([Size]) ->
    N = list_to_integer(Size),
    {Time, Result} = timed(fun() -> [calls(1, N, 0) || _ <- lists:seq(1, 19)], calls(1, N, 0) end),
    io:format("~.9f ~.6f~n", [float(Result), Time / 20.0e6]),
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
