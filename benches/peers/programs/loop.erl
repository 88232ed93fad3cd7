%% Counts to n while two sums grow and wrap at their limits: adding, comparing, branching.
-module(loop).
-export([run/1]).

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

run(N) ->
    loop(0, N, 1, 7).
