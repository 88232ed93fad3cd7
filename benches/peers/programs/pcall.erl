%% Calls two functions deep, n times, and every fourth time the inner one throws: a try that mostly goes well.
-module(pcall).
-export([run/1]).

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

run(N) ->
    calls(1, N, 0).
