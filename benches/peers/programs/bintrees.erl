%% Builds binary trees and counts their nodes, over and over, beside one tree that stays.
-module(bintrees).
-export([run/1]).

%% What is in a leaf is only known at run time: {nil, nil} would be a constant, and no leaf would be allocated.
make(0, Nil) ->
    {Nil, Nil};
make(Depth, Nil) ->
    {make(Depth - 1, Nil), make(Depth - 1, Nil)}.

count({nil, _}) ->
    1;
count({Left, Right}) ->
    1 + count(Left) + count(Right).

trees(0, _, Sum, _) ->
    Sum;
trees(Trees, Depth, Sum, Nil) ->
    trees(Trees - 1, Depth, Sum + count(make(Depth, Nil)), Nil).

depths(Depth, N, Sum, _) when Depth > N ->
    Sum;
depths(Depth, N, Sum, Nil) ->
    depths(Depth + 2, N, trees(1 bsl (N - Depth + 4), Depth, Sum, Nil), Nil).

run(N) ->
    Nil = list_to_atom("nil"),
    Sum = count(make(N + 1, Nil)),
    Kept = make(N, Nil),
    depths(4, N, Sum, Nil) + count(Kept).
