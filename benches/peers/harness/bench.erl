%% Runs one program: `erl -noshell -pa OUT -run bench main PROGRAM SIZE` prints its result and the seconds that it took.
-module(bench).
-export([main/1]).

main([Program, Size]) ->
    Module = list_to_atom(Program),
    N = list_to_integer(Size),
    {Time, Result} = measured(fun() -> Module:run(N) end),
    io:format("~.9f ~.6f~n", [float(Result), Time / 1.0e6]),
    halt().

%% The clock of CPU time ticks every millisecond: what is too short for it is run twenty times.
measured(Function) ->
    case timed(Function) of
        {Time, Result} when Time > 50000 ->
            {Time, Result};
        {_, Result} ->
            {Time, _} = timed(fun() -> [Function() || _ <- lists:seq(1, 20)] end),
            {Time / 20, Result}
    end.

%% The microseconds that a function takes, and its result: of CPU time, or on the wall when that has ticked too seldom.
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
