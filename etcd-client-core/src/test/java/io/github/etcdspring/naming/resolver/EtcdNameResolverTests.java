/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.grpc.NameResolver;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.delete;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static io.github.etcdspring.naming.resolver.EchoEntries.page;
import static io.github.etcdspring.naming.resolver.EchoEntries.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link EtcdNameResolverProvider} and its resolver: what a channel is told, and
 * where.
 */
class EtcdNameResolverTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private RecordingChannel channel;

	private ScriptedEtcd member;

	private EtcdNameResolverProvider provider;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
		this.provider = new EtcdNameResolverProvider(this.cluster.client(this.member));
		this.channel = this.cluster.closing(new RecordingChannel(Runnable::run));
	}

	private NameResolver begin() {
		NameResolver resolver = this.channel.start(this.provider);
		this.cluster.closing(() -> this.channel.run(resolver::shutdown));
		return resolver;
	}

	@Test
	void tellsTheChannelOfEntriesAsTheyComeAndGo() {
		this.member.range().thenAnswer(page("127.0.0.1:1", "[::1]:2"));
		begin();
		this.channel.awaitTold("127.0.0.1:1, [::1]:2");
		var stream = createdOn(this.member, 0);

		stream.send(events(0, List.of(put("echo/c", value("127.0.0.1:3"), 101), delete("echo/a", 101))));
		this.channel.awaitTold("127.0.0.1:1, [::1]:2", "[::1]:2, 127.0.0.1:3");
		stream.send(events(0, List.of(delete("echo/b", 102), delete("echo/c", 102))));

		this.channel.awaitTold("127.0.0.1:1, [::1]:2", "[::1]:2, 127.0.0.1:3",
				"UNAVAILABLE: no endpoint of 'echo' in etcd");
		stream.send(events(0, List.of(put("echo/d", value("127.0.0.1:4"), 103))));
		this.channel.awaitToldLast("127.0.0.1:4");
	}

	@Test
	void namesAPlaceOnceAndLeavesOutWhatIsNone() {
		this.member.range()
			.thenAnswer(page("127.0.0.1:1", "127.0.0.1:1", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "unix:/x",
					"127.0.0.1:2/x", "[::g]:1", "127.0.0.1:2"));

		begin();

		this.channel.awaitTold("127.0.0.1:1, 127.0.0.1:2");
	}

	@Test
	void tellsTheSameAgainWhenItIsAskedToRefresh() {
		this.member.range().thenAnswer(page("127.0.0.1:1"));
		NameResolver resolver = begin();
		this.channel.awaitTold("127.0.0.1:1");

		this.channel.run(resolver::refresh);

		this.channel.awaitTold("127.0.0.1:1", "127.0.0.1:1");
		assertThat(this.member.range().count()).isEqualTo(1);
	}

	@Test
	void isNotHarmedByARefreshBeforeTheFirstRead() {
		this.member.range().thenHold();
		NameResolver resolver = begin();
		var read = this.member.range().awaitCall(0);

		this.channel.run(resolver::refresh);
		read.answer(page("127.0.0.1:1"));

		this.channel.awaitTold("127.0.0.1:1");
	}

	@Test
	void saysThatEtcdIsSilentWhenTheFirstReadTakesTooLong() {
		this.member.range().thenHold();
		begin();

		this.channel.passTimer(10_000);

		this.channel.awaitTold("UNAVAILABLE: etcd has not said yet where 'echo' is");
		this.member.range().awaitCall(0).answer(page("127.0.0.1:1"));
		this.channel.awaitToldLast("127.0.0.1:1");
	}

	@Test
	void keepsTheLastAddressesWhileEtcdIsAway() {
		this.member.range().thenAnswer(page("127.0.0.1:1")).otherwiseFail(Status.UNAVAILABLE);
		NameResolver resolver = begin();
		this.channel.awaitTold("127.0.0.1:1");
		createdOn(this.member, 0);

		this.member.stop();
		this.channel.run(resolver::refresh);

		this.channel.awaitTold("127.0.0.1:1", "127.0.0.1:1");
	}

	@Test
	void goesOnWithTheLastAddressesWhenEtcdIsAwayAfterTheChannelWasIdle() {
		this.member.range().thenAnswer(page("127.0.0.1:1")).otherwiseHold();
		NameResolver first = begin();
		this.channel.awaitTold("127.0.0.1:1");

		this.channel.run(first::shutdown);
		begin();
		this.channel.passTimer(1000);

		this.channel.awaitTold("127.0.0.1:1", "127.0.0.1:1");
		this.member.range().awaitCall(1).answer(page("127.0.0.1:2"));
		this.channel.awaitToldLast("127.0.0.1:2");
	}

	@Test
	void endsItsWatchAndSaysNoMoreWhenItIsShutDown() {
		this.member.range().thenAnswer(page("127.0.0.1:1"));
		NameResolver resolver = begin();
		this.channel.awaitTold("127.0.0.1:1");
		var stream = createdOn(this.member, 0);

		this.channel.run(resolver::shutdown);
		this.channel.run(resolver::refresh);

		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(this.channel.told()).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "etcd:///echo, echo, echo/", "etcd:echo, echo, echo/", "etcd://host/echo, echo, echo/",
			"etcd:///shop/orders, shop%2Forders, shop/orders/", "etcd:///a%20b, a%20b, a b/",
			"etcd:///caf%C3%A9, caf%C3%A9, café/" })
	void takesTheServiceFromTheTarget(String target, String authority, String prefix) {
		NameResolver resolver = this.channel.resolver(this.provider, target);

		assertThat(resolver.getServiceAuthority()).isEqualTo(authority);
		this.channel.start(resolver);
		this.cluster.closing(() -> this.channel.run(resolver::shutdown));
		assertThat(this.member.range().awaitCall(0).request().getKey().toStringUtf8()).isEqualTo(prefix);
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcd:///", "etcd://echo", "etcd:/" })
	void refusesATargetWithoutAService(String target) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.channel.resolver(this.provider, target))
			.withMessageContaining("expected: such as etcd:///service");
	}

	@Test
	void leavesOtherSchemesToOthers() {
		assertThat(this.provider.newNameResolver(URI.create("dns:///echo"), this.channel.args())).isNull();
		assertThat(this.provider.getDefaultScheme()).isEqualTo("etcd");
		assertThat(this.provider.getProducedSocketAddressTypes()).containsExactly(InetSocketAddress.class);
	}

}
