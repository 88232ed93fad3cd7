%% Walks by the 3x + 1 rule from each of 1..n down to 1, and counts the steps of all.
-module(collatz).
-export([main/1]).

walk(1, Steps) ->
    Steps;
walk(X, Steps) when X band 1 =:= 0 ->
    walk(X bsr 1, Steps + 1);
walk(X, Steps) ->
    walk(X * 3 + 1, Steps + 1).

walks(I, N, Steps) when I > N ->
    Steps;
walks(I, N, Steps) ->
    walks(I + 1, N, walk(I, Steps)).

main([Size]) ->
    N = list_to_integer(Size),
    {Time, Result} = timed(fun() -> walks(1, N, 0) end),
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
