/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.delete;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.keyValue;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link EtcdNameResolverProvider} and its resolver: what a channel is told, and
 * where.
 */
class EtcdNameResolverTests {

	/** Longer than a label of a host name may be, so that no name server is asked. */
	private static final String UNKNOWN = "a".repeat(64);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	/** {@code 127.0.0.1:1, 127.0.0.1:2} or {@code UNAVAILABLE: why}. */
	private final List<String> told = new CopyOnWriteArrayList<>();

	private final List<Throwable> strayed = new CopyOnWriteArrayList<>();

	private final SynchronizationContext context = new SynchronizationContext(
			(thread, failure) -> this.strayed.add(failure));

	@AutoClose("shutdownNow")
	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private ScriptedEtcd member;

	private EtcdNameResolverProvider provider;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
		this.provider = new EtcdNameResolverProvider(this.cluster.client(this.member));
	}

	private NameResolver resolver(String target, Executor lookups) {
		return resolver(target, lookups, this.timer);
	}

	private NameResolver resolver(String target, Executor lookups, ScheduledExecutorService timer) {
		NameResolver.Args args = NameResolver.Args.newBuilder()
			.setDefaultPort(80)
			.setProxyDetector((address) -> null)
			.setSynchronizationContext(this.context)
			.setScheduledExecutorService(timer)
			.setOffloadExecutor(lookups)
			.setServiceConfigParser(new NoServiceConfig())
			.build();
		return Objects.requireNonNull(this.provider.newNameResolver(URI.create(target), args));
	}

	private NameResolver begin(Executor lookups) {
		return begin(resolver("etcd:///echo", lookups));
	}

	private NameResolver begin(NameResolver resolver) {
		this.cluster.closing(() -> this.context.execute(resolver::shutdown));
		this.context.execute(() -> resolver.start(new Recorder()));
		return resolver;
	}

	private NameResolver begin() {
		return begin(Runnable::run);
	}

	private static String value(String address) {
		return "{\"Op\":0,\"Addr\":\"" + address + "\",\"Metadata\":null}";
	}

	/** Entries named a, b and so on. */
	private static RangeResponse page(String... addresses) {
		RangeResponse.Builder page = RangeResponse.newBuilder().setHeader(ResponseHeader.newBuilder().setRevision(100));
		char id = 'a';
		for (String address : addresses) {
			page.addKvs(keyValue("echo/" + id++, ByteString.copyFromUtf8(value(address)), 50));
		}
		return page.build();
	}

	private void awaitTold(String... expected) {
		await().untilAsserted(() -> assertThat(this.told).containsExactly(expected));
	}

	@Test
	void tellsTheChannelOfEntriesAsTheyComeAndGo() {
		this.member.range().thenAnswer(page("127.0.0.1:1", "[::1]:2"));
		begin();
		awaitTold("127.0.0.1:1, [::1]:2");
		var stream = createdOn(this.member, 0);

		stream.send(events(0, List.of(put("echo/c", value("127.0.0.1:3"), 101), delete("echo/a", 101))));
		awaitTold("127.0.0.1:1, [::1]:2", "[::1]:2, 127.0.0.1:3");
		stream.send(events(0, List.of(delete("echo/b", 102), delete("echo/c", 102))));

		awaitTold("127.0.0.1:1, [::1]:2", "[::1]:2, 127.0.0.1:3", "UNAVAILABLE: no endpoint of 'echo' in etcd");
		stream.send(events(0, List.of(put("echo/d", value("127.0.0.1:4"), 103))));
		await().untilAsserted(() -> assertThat(this.told).last().isEqualTo("127.0.0.1:4"));
	}

	@Test
	void namesAPlaceOnceAndLeavesOutWhatIsNone() {
		this.member.range()
			.thenAnswer(page("127.0.0.1:1", "127.0.0.1:1", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "unix:/x",
					"127.0.0.1:2/x", UNKNOWN + ":1", "127.0.0.1:2"));

		begin();

		awaitTold("127.0.0.1:1, 127.0.0.1:2");
	}

	@Test
	void saysThatNoAddressCanBeFound() {
		this.member.range().thenAnswer(page(UNKNOWN + ":1"));

		begin();

		awaitTold("UNAVAILABLE: no address can be found for any endpoint of 'echo'");
	}

	@Test
	void tellsTheSameAgainWhenItIsAskedToRefresh() {
		this.member.range().thenAnswer(page("127.0.0.1:1"));
		NameResolver resolver = begin();
		awaitTold("127.0.0.1:1");

		this.context.execute(resolver::refresh);

		awaitTold("127.0.0.1:1", "127.0.0.1:1");
		assertThat(this.member.range().count()).isEqualTo(1);
	}

	@Test
	void isNotHarmedByARefreshBeforeTheFirstRead() {
		this.member.range().thenHold();
		NameResolver resolver = begin();
		var read = this.member.range().awaitCall(0);

		this.context.execute(resolver::refresh);
		read.answer(page("127.0.0.1:1"));

		awaitTold("127.0.0.1:1");
	}

	@Test
	void saysThatEtcdIsSilentWhenTheFirstReadTakesTooLong() {
		this.member.range().thenHold();
		List<Long> seconds = new CopyOnWriteArrayList<>();
		ScheduledExecutorService impatient = new ScheduledThreadPoolExecutor(1) {

			@Override
			public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
				seconds.add(unit.toSeconds(delay));
				return super.schedule(command, 0, unit);
			}

		};
		this.cluster.closing(impatient::shutdownNow);

		begin(resolver("etcd:///echo", Runnable::run, impatient));

		awaitTold("UNAVAILABLE: etcd has not said yet where 'echo' is");
		assertThat(seconds).containsExactly(10L);
		this.member.range().awaitCall(0).answer(page("127.0.0.1:1"));
		await().untilAsserted(() -> assertThat(this.told).last().isEqualTo("127.0.0.1:1"));
	}

	@Test
	void keepsTheLastAddressesWhileEtcdIsAway() {
		this.member.range().thenAnswer(page("127.0.0.1:1")).otherwiseFail(Status.UNAVAILABLE);
		NameResolver resolver = begin();
		awaitTold("127.0.0.1:1");
		createdOn(this.member, 0);

		this.member.stop();
		this.context.execute(resolver::refresh);

		awaitTold("127.0.0.1:1", "127.0.0.1:1");
	}

	@Test
	void goesOnWithTheLastAddressesWhenEtcdIsAwayAfterTheChannelWasIdle() {
		this.member.range().thenAnswer(page("127.0.0.1:1")).otherwiseHold();
		NameResolver first = begin();
		awaitTold("127.0.0.1:1");

		this.context.execute(first::shutdown);
		begin();

		awaitTold("127.0.0.1:1", "127.0.0.1:1");
		this.member.range().awaitCall(1).answer(page("127.0.0.1:2"));
		await().untilAsserted(() -> assertThat(this.told).last().isEqualTo("127.0.0.1:2"));
	}

	@Test
	void looksUpOnceMoreWhenEntriesChangeDuringALookUp() {
		BlockingQueue<Runnable> lookups = new LinkedBlockingQueue<>();
		this.member.range().thenAnswer(page("127.0.0.1:1"));
		NameResolver resolver = begin(lookups::add);
		await().until(() -> lookups.size() == 1);

		this.context.execute(resolver::refresh);
		this.context.execute(resolver::refresh);
		assertThat(lookups).hasSize(1);
		lookups.remove().run();

		assertThat(lookups).hasSize(1);
		lookups.remove().run();
		awaitTold("127.0.0.1:1", "127.0.0.1:1");
		assertThat(lookups).isEmpty();
	}

	@Test
	void endsItsWatchAndSaysNoMoreWhenItIsShutDown() {
		this.member.range().thenAnswer(page("127.0.0.1:1"));
		NameResolver resolver = begin();
		awaitTold("127.0.0.1:1");
		var stream = createdOn(this.member, 0);

		this.context.execute(resolver::shutdown);
		this.context.execute(resolver::refresh);

		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(this.told).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "etcd:///echo, echo, echo/", "etcd:echo, echo, echo/", "etcd://host/echo, echo, echo/",
			"etcd:///shop/orders, shop%2Forders, shop/orders/", "etcd:///a%20b, a%20b, a b/",
			"etcd:///caf%C3%A9, caf%C3%A9, café/" })
	void takesTheServiceFromTheTarget(String target, String authority, String prefix) {
		NameResolver resolver = resolver(target, Runnable::run);

		assertThat(resolver.getServiceAuthority()).isEqualTo(authority);
		this.context.execute(() -> resolver.start(new Recorder()));
		this.cluster.closing(() -> this.context.execute(resolver::shutdown));
		assertThat(this.member.range().awaitCall(0).request().getKey().toStringUtf8()).isEqualTo(prefix);
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcd:///", "etcd://echo", "etcd:/" })
	void refusesATargetWithoutAService(String target) {
		assertThatIllegalArgumentException().isThrownBy(() -> resolver(target, Runnable::run))
			.withMessageContaining("expected: such as etcd:///service");
	}

	@Test
	void leavesOtherSchemesToOthers() {
		NameResolver.Args args = NameResolver.Args.newBuilder()
			.setDefaultPort(80)
			.setProxyDetector((address) -> null)
			.setSynchronizationContext(this.context)
			.setServiceConfigParser(new NoServiceConfig())
			.build();

		assertThat(this.provider.newNameResolver(URI.create("dns:///echo"), args)).isNull();
		assertThat(this.provider.getDefaultScheme()).isEqualTo("etcd");
		assertThat(this.provider.getProducedSocketAddressTypes()).containsExactly(InetSocketAddress.class);
	}

	/** Remembers what it is told, and whether it is told where it may be. */
	private final class Recorder extends NameResolver.Listener2 {

		@Override
		public Status onResult2(NameResolver.ResolutionResult result) {
			EtcdNameResolverTests.this.context.throwIfNotInThisSynchronizationContext();
			var addresses = result.getAddressesOrError();
			EtcdNameResolverTests.this.told.add(addresses.hasValue()
					? String.join(", ",
							addresses.getValue()
								.stream()
								.flatMap((group) -> group.getAddresses().stream())
								.map((address) -> text((InetSocketAddress) address))
								.toList())
					: addresses.getStatus().getCode() + ": " + addresses.getStatus().getDescription());
			return Status.OK;
		}

		private String text(InetSocketAddress address) {
			String host = address.getAddress().getHostAddress();
			return (host.contains(":") ? "[::1]" : host) + ":" + address.getPort();
		}

		@Override
		public void onResult(NameResolver.ResolutionResult result) {
			throw new AssertionError("told outside the context");
		}

		@Override
		public void onError(Status error) {
			throw new AssertionError("told outside the context");
		}

	}

	/** There is none in etcd. */
	private static final class NoServiceConfig extends NameResolver.ServiceConfigParser {

		@Override
		public NameResolver.ConfigOrError parseServiceConfig(Map<String, ?> rawServiceConfig) {
			return NameResolver.ConfigOrError.fromConfig("none");
		}

	}

}
