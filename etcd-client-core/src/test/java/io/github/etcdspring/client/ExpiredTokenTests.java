/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCall;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.AuthProto.AuthenticateResponse;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests of {@link TokenSource}: a token that has expired, at each point of its use.
 */
class ExpiredTokenTests {

	private static final Status INVALID_TOKEN = Status.UNAUTHENTICATED
		.withDescription("etcdserver: invalid auth token");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final AtomicReference<String> valid = new AtomicReference<>("token-1");

	private ScriptedEtcd member() {
		ScriptedEtcd member = this.cluster.member();
		member.range().otherwise((call) -> {
			if (this.valid.get().equals(call.header("token"))) {
				call.answer(RangeResponse.getDefaultInstance());
			}
			else {
				call.fail(INVALID_TOKEN);
			}
		});
		return member;
	}

	private EtcdClient client(ScriptedEtcd member) {
		return this.cluster.client((options) -> options.credentials(new EtcdCredentials("user", "secret")), member);
	}

	private static List<String> tokens(ScriptedEtcd member) {
		return member.range().calls().stream().map((call) -> call.header("token")).toList();
	}

	@Test
	void isReplacedWhenItExpiresBeforeTheFirstCall() {
		ScriptedEtcd member = member();
		this.valid.set("token-2");

		client(member).kv().get("key");

		assertThat(tokens(member)).containsExactly("token-1", "token-2");
		assertThat(member.authenticate().count()).isEqualTo(2);
	}

	@Test
	void isReplacedWhenItExpiresAmongCalls() {
		ScriptedEtcd member = member();
		EtcdClient client = client(member);
		client.kv().get("key");
		this.valid.set("token-2");

		client.kv().get("key");
		client.kv().get("key");

		assertThat(tokens(member)).containsExactly("token-1", "token-1", "token-2", "token-2");
		assertThat(member.authenticate().count()).isEqualTo(2);
	}

	@Test
	void isReplacedWhenItExpiresBeforeAStreamIsOpened() {
		ScriptedEtcd member = member();
		EtcdClient client = client(member);
		client.kv().get("key");
		member.watch().onOpen((stream) -> {
			if ("token-1".equals(stream.header("token"))) {
				stream.fail(INVALID_TOKEN);
			}
		});

		client.watch().open(WatchRequest.of(KeyRange.key("key")).from(5), new RecordingListener());

		member.watch().awaitStream(1).awaitMessage(0);
		assertThat(member.watch().streams()).extracting((stream) -> stream.header("token"))
			.containsExactly("token-1", "token-2");
		assertThat(member.authenticate().count()).isEqualTo(2);
	}

	@Test
	void isReplacedOnceWhenOthersCallDuringTheLogin() {
		ScriptedEtcd member = member();
		EtcdClient client = client(member);
		client.kv().get("key");
		this.valid.set("fresh");
		member.authenticate().thenHold();
		CompletableFuture<?> first = client.kv().getAsync("first");
		ScriptedCall<?, AuthenticateResponse> login = member.authenticate().awaitCall(1);
		List<CompletableFuture<?>> others = IntStream.range(0, 20)
			.<CompletableFuture<?>>mapToObj((i) -> client.kv().getAsync("other" + i))
			.toList();

		login.answer(AuthenticateResponse.newBuilder().setToken("fresh").build());

		resultOf(first);
		resultOf(CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)));
		assertThat(member.authenticate().count()).isEqualTo(2);
		assertThat(tokens(member).subList(2, 23)).containsOnly("fresh");
	}

	@Test
	void isReplacedAgainWhenTheNextExpiresDuringItsLogin() {
		ScriptedEtcd member = member();
		EtcdClient client = client(member);
		client.kv().get("key");
		this.valid.set("token-3");

		client.kv().get("key");

		assertThat(tokens(member)).containsExactly("token-1", "token-1", "token-2", "token-3");
		assertThat(member.authenticate().count()).isEqualTo(3);
	}

	@Test
	void failsWithATypedErrorWhenTheAuthStoreIsAlwaysNewer() {
		ScriptedEtcd member = this.cluster.member();
		member.put()
			.otherwiseFail(Status.INVALID_ARGUMENT.withDescription("etcdserver: revision of auth store is old"));
		EtcdClient client = client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));

		assertThat(failure).isInstanceOf(EtcdAuthenticationException.class);
		assertThat(failure.isRetryable()).isTrue();
		assertThat(failure.attempts()).isEqualTo(6);
		assertThat(member.put().count()).isEqualTo(6);
		assertThat(member.authenticate().count()).isEqualTo(6);
	}

}
