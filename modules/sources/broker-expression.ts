/**
 * Erlang that prints all that the modules want to know of a broker: a line `holdings JSON` and a line `broker JSON`. One text for 3.10 to
 * 4.x: what a release does not know is null, and null never counts as empty. Read-only; 10–15 ms on 3.10.8, 5 ms on 4.0.5.
 *
 * Expensive lists are cut to 20 names beside their count. Characters beyond ASCII are escaped, so no encoding on the way matters.
 * Values of runtime parameters stay where they are: federation and shovels keep passwords in them.
 * `holdings` has what the node would lose by joining a cluster, by kind: `{}` is a fresh node, null not known (application
 * stopped) or not the question (a node of a cluster).
 */
export const brokerExpression = String.raw`
Try = fun(F) -> try F() catch _:_ -> null end end,
First = fun(Fs) -> lists:foldl(fun(F, null) -> Try(F); (_, Found) -> Found end, null, Fs) end,
When = fun(true, F) -> Try(F); (_, _) -> null end,
Text = fun
  (X) when is_atom(X) -> atom_to_binary(X, utf8);
  (X) when is_binary(X) -> case unicode:characters_to_binary(X) of B when is_binary(B) -> B; _ -> base64:encode(X) end;
  (X) -> unicode:characters_to_binary(io_lib:format("~0tp", [X])) end,
Texts = fun(null) -> null; (Xs) -> [Text(X) || X <- Xs] end,
Plain = fun
  P([{_, _} | _] = Pairs) -> maps:from_list([{Text(K), P(V)} || {K, V} <- Pairs]);
  P(Xs) when is_list(Xs) -> [P(X) || X <- Xs];
  P(X) when is_map(X) -> maps:from_list([{Text(K), P(V)} || {K, V} <- maps:to_list(X)]);
  P(X) when is_number(X); X =:= true; X =:= false; X =:= null -> X;
  P(X) -> Text(X) end,
Ascii = fun(Json) -> [case C of
  _ when C < 128 -> C;
  _ when C < 65536 -> io_lib:format("\\u~4.16.0b", [C]);
  _ -> io_lib:format("\\u~4.16.0b\\u~4.16.0b", [16#D800 + ((C - 16#10000) bsr 10), 16#DC00 + ((C - 16#10000) band 16#3FF)])
  end || C <- unicode:characters_to_list(iolist_to_binary(Json))] end,
Named = fun({resource, V, _, N}) -> [Text(N), <<" in ">>, Text(V)] end,
Join = fun(Parts) -> iolist_to_binary(lists:join(<<" ">>, [Text(Part) || Part <- Parts])) end,
Listed = fun(null) -> null; (Xs) -> #{count => length(Xs), names => [iolist_to_binary(X) || X <- lists:sublist(lists:sort(Xs), 20)]} end,
Env = fun(Key) -> {ok, V} = application:get_env(rabbit, Key), V end,

Members = First([
  fun() -> [_ | _] = rabbit_nodes:list_members() end,
  fun() -> [_ | _] = rabbit_mnesia:cluster_nodes(all) end]),
Up = [N || N <- case Members of null -> [node()]; _ -> Members end, N =:= node() orelse lists:member(N, nodes())],
Running = Try(fun() -> rabbit:is_running() end) =:= true,
Rows = fun(F) -> When(Running, fun() -> [Plain(Row) || Row <- F()] end) end,
Vhosts = When(Running, fun() -> rabbit_vhost:list_names() end),
Queues = When(Running, fun() -> rabbit_amqqueue:list() end),
Users = When(Running, fun() -> rabbit_auth_backend_internal:list_users() end),
Permissions = When(Running, fun() -> rabbit_auth_backend_internal:list_permissions() end),
Policies = When(Running, fun() -> rabbit_policy:list() end),
OperatorPolicies = When(Running, fun() -> rabbit_policy:list_op() end),
Get = fun(Key, Row) -> proplists:get_value(Key, Row) end,
Parameters = When(Running, fun() ->
  [[{K, Get(K, P)} || K <- [vhost, component, name]] || P <- rabbit_runtime_parameters:list(), Get(component, P) =/= <<"operator_policy">>] end),

Holdings = When(Running andalso Members =:= [node()], fun() ->
  User = Env(default_user), Vhost = Env(default_vhost), Tags = lists:sort(Env(default_user_tags)), [C, W, R] = Env(default_permissions),
  maps:filter(fun(_, #{count := Count}) -> Count > 0 end, maps:map(fun(_, Names) -> Listed(Names) end, #{
    vhosts => [Text(V) || V <- Vhosts, V =/= Vhost],
    users => [Text(Get(user, U)) || U <- Users, {Get(user, U), lists:sort(Get(tags, U))} =/= {User, Tags}],
    permissions =>
      [Join([Get(user, P), <<"in">>, Get(vhost, P)]) || P <- Permissions,
        [Get(K, P) || K <- [user, vhost, configure, write, read]] =/= [User, Vhost, C, W, R]]
      ++ [Join([Get(user, P), <<"on topics in">>, Get(vhost, P)]) || P <- rabbit_auth_backend_internal:list_topic_permissions()],
    queues => [Named(amqqueue:get_name(Q)) || Q <- Queues],
    exchanges => [Named(X) || V <- Vhosts, {resource, In, exchange, N} = X <- rabbit_exchange:list_names(),
      In =:= V, N =/= <<>>, not lists:prefix("amq.", binary_to_list(N))],
    bindings => [Join([element(4, element(2, B)), <<"to">>, element(4, element(4, B)), <<"in">>, V]) || V <- Vhosts,
      B <- rabbit_binding:list(V), element(4, element(2, B)) =/= <<>>],
    policies => [Join([Get(name, P), <<"in">>, Get(vhost, P)]) || P <- Policies ++ OperatorPolicies],
    parameters => [Join([Get(component, P), Get(name, P), <<"in">>, Get(vhost, P)]) || P <- Parameters]
      ++ [Text(Get(name, P)) || P <- rabbit_runtime_parameters:list_global(),
        not lists:member(Get(name, P), [internal_cluster_id, cluster_tags])],
    limits => [Text(U) || {U, L} <- rabbit_auth_backend_internal:get_user_limits(), map_size(L) > 0]
  })) end),

Lagging = fun(Q) ->
  amqqueue:get_type(Q) =:= rabbit_classic_queue andalso rabbit_mirror_queue_misc:is_mirrored(Q) andalso begin
    {_, Wanted} = rabbit_mirror_queue_misc:suggested_queue_nodes(Q),
    Wanted -- [node(Pid) || Pid <- amqqueue:get_sync_slave_pids(Q)] =/= []
  end end,

Broker = #{
  node => Text(node()),
  boot => Text(Try(fun() -> rabbit_boot_state:get() end)),
  running => Running,
  paused => whereis(rabbit_outside_app_process) =/= undefined,
  version => Try(fun() -> Text(list_to_binary(rabbit_misc:version())) end),
  otp => list_to_binary(erlang:system_info(otp_release)),
  members => Texts(Members),
  up => Texts(Up),
  running_nodes => [Text(N) || N <- Up,
    case N =:= node() of true -> Running; false -> rpc:call(N, rabbit, is_running, [], 3000) =:= true end],
  partitions => Texts(When(Running, fun() -> rabbit_node_monitor:partitions() end)),
  alarms => When(Running, fun() -> [case X of
    {{resource_limit, Kind, On}, _} -> Join([Kind, <<"on">>, On]);
    {Kind, _} -> Join([Kind, <<"on">>, node()]) end || X <- rabbit_alarm:get_alarms()] end),
  enabled_flags => Try(fun() -> Texts(maps:keys(rabbit_feature_flags:list(enabled))) end),
  supported_flags => Try(fun() -> Texts(maps:keys(rabbit_feature_flags:list(all))) end),
  vhosts => Texts(Vhosts),
  users => Rows(fun() -> Users end),
  permissions => Rows(fun() -> Permissions end),
  policies => Rows(fun() -> Policies end),
  operator_policies => Rows(fun() -> OperatorPolicies end),
  parameters => Rows(fun() -> Parameters end),
  quorum_critical => Listed(When(Running, fun() -> [Named(amqqueue:get_name(Q)) || Q <- rabbit_quorum_queue:list_with_minimum_quorum()] end)),
  only_copies => Listed(When(Running, fun() ->
    [Named(amqqueue:get_name(Q)) || Q <- rabbit_amqqueue:list_local_mirrored_classic_without_synchronised_mirrors()] end)),
  lagging => Listed(When(Queues =/= null, fun() -> [Named(amqqueue:get_name(Q)) || Q <- Queues, Lagging(Q)] end))
},
io:put_chars(["\nholdings ", Ascii(rabbit_json:encode(Holdings)), "\nbroker ", Ascii(rabbit_json:encode(Broker)), "\n"]).
`;
