%% Walks by the 3x + 1 rule from each of 1..n down to 1, and counts the steps of all.
-module(collatz).
-export([run/1]).

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

run(N) ->
    walks(1, N, 0).
