/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.grpc.NameResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.delete;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.naming.resolver.EchoEntries.page;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of how a resolver looks up hosts that have names: those that are unknown, or take
 * long, hold nobody up.
 */
class EtcdNameResolverHostTests {

	private static final long LOOK_UP_MILLIS = 250;

	private static final long RETRY_MILLIS = 10_000;

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final ScriptedHosts hosts = new ScriptedHosts();

	private final Logger logger = (Logger) LoggerFactory.getLogger(LeftOut.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private RecordingChannel channel;

	private ScriptedEtcd member;

	@BeforeEach
	void start() {
		this.logger.setLevel(Level.WARN);
		this.logger.setAdditive(false);
		this.logger.addAppender(this.log);
		this.log.start();
		this.member = this.cluster.member();
		this.channel = this.cluster.closing(new RecordingChannel(this.threads));
	}

	@AfterEach
	void detach() {
		this.logger.detachAppender(this.log);
		this.logger.setAdditive(true);
		this.logger.setLevel(null);
	}

	private NameResolver begin(String... addresses) {
		this.member.range().thenAnswer(page(addresses));
		NameResolver resolver = this.channel
			.start(new EtcdNameResolverProvider(this.cluster.client(this.member), this.hosts));
		this.cluster.closing(() -> this.channel.run(resolver::shutdown));
		return resolver;
	}

	private List<String> logged() {
		return this.log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

	@Test
	void connectsToEveryAddressOfAHost() {
		this.hosts.put("one", "10.0.0.1", "10.0.0.2");
		this.hosts.put("two", "10.0.0.3");

		begin("one:1", "two:2", "10.0.0.4:3", "one:1");

		this.channel.awaitTold("10.0.0.1:1, 10.0.0.2:1, 10.0.0.3:2, 10.0.0.4:3");
		assertThat(this.hosts.begun()).isEqualTo(2);
	}

	@Test
	void leavesOutAHostThatIsUnknownUntilItIsFound() {
		this.hosts.put("good", "10.0.0.1");
		begin("bad:1", "good:2", "10.0.0.3:3");
		this.channel.awaitTold("10.0.0.1:2, 10.0.0.3:3");

		this.channel.passTimer(RETRY_MILLIS);
		this.hosts.put("bad", "10.0.0.9");
		this.channel.passTimer(RETRY_MILLIS);

		this.channel.awaitTold("10.0.0.1:2, 10.0.0.3:3", "10.0.0.9:1, 10.0.0.1:2, 10.0.0.3:3");
		assertThat(this.hosts.begun()).isEqualTo(4);
		assertThat(logged()).containsExactly("endpoints at 'bad' are left out: no address is found, trying again");
	}

	@Test
	void saysThatNoAddressCanBeFound() {
		begin("bad:1", "unix:/x");

		this.channel.awaitTold("UNAVAILABLE: no address can be found for any endpoint of 'echo'");
		assertThat(logged()).containsExactlyInAnyOrder(
				"endpoints at 'unix:/x' are left out: no address to connect to (expected: host:port)",
				"endpoints at 'bad' are left out: no address is found, trying again");
	}

	@Test
	void keepsTheAddressesOfAHostThatIsUnknownAllAtOnce() {
		this.hosts.put("one", "10.0.0.1");
		NameResolver resolver = begin("one:1");
		this.channel.awaitTold("10.0.0.1:1");

		this.hosts.remove("one");
		this.channel.run(resolver::refresh);

		this.channel.awaitTold("10.0.0.1:1", "10.0.0.1:1");
		this.hosts.put("one", "10.0.0.2");
		this.channel.passTimer(RETRY_MILLIS);
		this.channel.awaitToldLast("10.0.0.2:1");
		assertThat(logged()).isEmpty();
	}

	@Test
	void tellsWhatIsKnownWhileASlowHostIsLookedUp() {
		this.hosts.put("fast", "10.0.0.1");
		this.hosts.put("slow", "10.0.0.2");
		this.hosts.hold("slow");
		begin("slow:1", "fast:2", "10.0.0.3:3");
		await().until(() -> this.hosts.begun() == 2);

		this.channel.passTimer(LOOK_UP_MILLIS);

		this.channel.awaitToldLast("10.0.0.1:2, 10.0.0.3:3");
		this.hosts.release("slow");
		this.channel.awaitToldLast("10.0.0.2:1, 10.0.0.1:2, 10.0.0.3:3");
	}

	@Test
	void goesOnWithTheKnownAddressesOfAHostThatHasBecomeSlow() {
		this.hosts.put("one", "10.0.0.1");
		NameResolver resolver = begin("one:1");
		this.channel.awaitTold("10.0.0.1:1");

		this.hosts.hold("one");
		this.channel.run(resolver::refresh);
		this.channel.passTimer(LOOK_UP_MILLIS);

		this.channel.awaitTold("10.0.0.1:1", "10.0.0.1:1");
		this.hosts.put("one", "10.0.0.2");
		this.hosts.release("one");
		this.channel.awaitTold("10.0.0.1:1", "10.0.0.1:1", "10.0.0.2:1");
	}

	@Test
	void waitsWhileNothingIsKnown() {
		this.hosts.put("slow", "10.0.0.1");
		this.hosts.hold("slow");
		begin("slow:1");

		this.channel.passTimer(LOOK_UP_MILLIS);
		this.hosts.release("slow");

		this.channel.awaitTold("10.0.0.1:1");
	}

	@Test
	void looksUpEightHostsAtATime() {
		String[] addresses = new String[12];
		for (int i = 0; i < 12; i++) {
			addresses[i] = "slow" + i + ":1";
			this.hosts.put("slow" + i, "10.0.0." + i);
			this.hosts.hold("slow" + i);
		}
		begin(addresses);
		await().until(() -> this.hosts.begun() == 8);

		this.hosts.release("slow3");

		await().until(() -> this.hosts.begun() == 9);
		for (int i = 0; i < 12; i++) {
			this.hosts.release("slow" + i);
		}
		await().until(() -> this.hosts.begun() == 12);
		await().untilAsserted(() -> assertThat(this.channel.told()).last().asString().contains("10.0.0.11:1"));
	}

	@Test
	void forgetsAHostThatNobodyIsAtAnyMore() {
		this.hosts.put("slow", "10.0.0.1");
		this.hosts.hold("slow");
		begin("slow:1", "10.0.0.2:2");
		var stream = createdOn(this.member, 0);
		await().until(() -> this.hosts.begun() == 1);

		stream.send(events(0, List.of(delete("echo/a", 101))));

		this.channel.awaitTold("10.0.0.2:2");
		this.hosts.release("slow");
	}

	@Test
	void beginsNoLookUpAndSaysNoMoreWhenItIsShutDown() {
		for (int i = 0; i < 9; i++) {
			this.hosts.put("slow" + i, "10.0.0.1");
			this.hosts.hold("slow" + i);
		}
		NameResolver resolver = begin("slow0:1", "slow1:1", "slow2:1", "slow3:1", "slow4:1", "slow5:1", "slow6:1",
				"slow7:1", "slow8:1");
		await().until(() -> this.hosts.begun() == 8);

		this.channel.run(resolver::shutdown);
		for (int i = 0; i < 9; i++) {
			this.hosts.release("slow" + i);
		}
		this.threads.shutdown();

		await().until(this.threads::isTerminated);
		assertThat(this.hosts.begun()).isEqualTo(8);
		assertThat(this.channel.told()).isEmpty();
	}

	@Test
	void isNotHarmedByAnExecutorThatTakesNoMore() {
		this.channel = this.cluster.closing(new RecordingChannel((task) -> {
			throw new RejectedExecutionException("on purpose");
		}));

		begin("one:1", "10.0.0.2:2");

		this.channel.awaitTold("10.0.0.2:2");
	}

}
