/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.ClusterProto.Member;
import io.github.etcdspring.internal.proto.ClusterProto.MemberListResponse;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link AutoSync}, every minute.
 */
class AutoSyncTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final Logger logger = (Logger) LoggerFactory.getLogger(AutoSync.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final FakeClock clock = new FakeClock();

	private final ScriptedEtcd first = this.cluster.member();

	private final ScriptedEtcd second = this.cluster.member();

	private EtcdClient client;

	@BeforeEach
	void connect() {
		this.log.start();
		this.logger.setLevel(Level.INFO);
		this.logger.setAdditive(false);
		this.logger.addAppender(this.log);
		this.client = this.cluster
			.client((options) -> options.ticker(this.clock).scheduler(this.clock).autoSyncInterval(MINUTE), this.first);
	}

	@AfterEach
	void stopListening() {
		this.logger.detachAppender(this.log);
		this.logger.setAdditive(true);
		this.logger.setLevel(null);
	}

	private void advertise(ScriptedEtcd... members) {
		MemberListResponse.Builder list = MemberListResponse.newBuilder();
		for (ScriptedEtcd member : members) {
			list.addMembers(Member.newBuilder().setName("voter").addClientURLs(member.endpoint()));
		}
		this.first.memberList().otherwise((call) -> call.answer(list.build()));
		this.second.memberList().otherwise((call) -> call.answer(list.build()));
	}

	/** Waits until the next look is due, which is when the last one has ended. */
	private void awaitLooks(int count) {
		await().until(() -> looksDue().size() > count);
	}

	private List<Duration> looksDue() {
		return this.clock.delaysUpTo(Duration.ofHours(1))
			.stream()
			.filter((delay) -> delay.compareTo(Duration.ofSeconds(30)) > 0)
			.toList();
	}

	private void passInterval() {
		this.clock.advance(looksDue().get(looksDue().size() - 1));
	}

	@Test
	void looksEachTimeTheIntervalHasPassed() {
		advertise(this.first);
		for (int look = 1; look <= 3; look++) {
			assertThat(this.first.memberList().count()).isEqualTo(look - 1);

			passInterval();

			awaitLooks(look);
			assertThat(this.first.memberList().count()).isEqualTo(look);
		}
		assertThat(looksDue())
			.allSatisfy((delay) -> assertThat(delay).isBetween(Duration.ofSeconds(54), Duration.ofSeconds(66)));
		assertThat(looksDue()).doesNotHaveDuplicates();
	}

	@Test
	void followsTheMembers() {
		advertise(this.first, this.second);
		passInterval();
		awaitLooks(1);
		assertThat(this.client.endpoints()).containsExactly(this.first.endpoint(), this.second.endpoint());

		advertise(this.second);
		passInterval();
		awaitLooks(2);
		assertThat(this.client.endpoints()).containsExactly(this.second.endpoint());
		assertThat(this.log.list).extracting(ILoggingEvent::getFormattedMessage)
			.containsExactly("endpoints are now [" + this.first.endpoint() + ", " + this.second.endpoint() + "]",
					"endpoints are now [" + this.second.endpoint() + "]");
	}

	@Test
	void tellsOnceInASeriesThatItFails() {
		this.first.memberList().otherwiseFail(Status.PERMISSION_DENIED);
		passInterval();
		awaitLooks(1);
		passInterval();
		awaitLooks(2);
		advertise(this.first);
		passInterval();
		awaitLooks(3);
		this.first.memberList().otherwiseFail(Status.PERMISSION_DENIED);
		passInterval();
		awaitLooks(4);

		assertThat(this.log.list).filteredOn((event) -> event.getLevel() == Level.WARN)
			.extracting(ILoggingEvent::getFormattedMessage)
			.hasSize(2)
			.allSatisfy((message) -> assertThat(message)
				.startsWith("the member list cannot be read, the endpoints stay as they are: ")
				.contains("MemberList failed"));
		this.client.kv().get("key");
	}

	@Test
	void tellsOnceWhatItRefuses() {
		this.first.memberList()
			.otherwise((call) -> call.answer(MemberListResponse.newBuilder()
				.addMembers(Member.newBuilder().setName("voter").addClientURLs("http://0.0.0.0:2379"))
				.build()));
		passInterval();
		awaitLooks(1);
		passInterval();
		awaitLooks(2);

		assertThat(this.log.list).filteredOn((event) -> event.getLevel() == Level.WARN)
			.singleElement()
			.extracting(ILoggingEvent::getFormattedMessage)
			.asString()
			.contains("endpoints are [" + this.first.endpoint() + "]",
					"http://0.0.0.0:2379: it stands for any address");
	}

	@Test
	void givesALookUpAfterFiveSeconds() {
		this.first.memberList().otherwiseHold();
		passInterval();
		var look = this.first.memberList().awaitCall(0);

		this.clock.advance(Duration.ofSeconds(5));

		awaitLooks(1);
		await().until(look::isCancelled);
		assertThat(this.log.list).singleElement()
			.extracting(ILoggingEvent::getFormattedMessage)
			.asString()
			.isEqualTo("the member list cannot be read, the endpoints stay as they are: no end within PT5S");
	}

	@Test
	void looksNoMoreWhenTheClientIsClosed() {
		advertise(this.first);
		passInterval();
		awaitLooks(1);

		this.client.close();
		this.clock.advance(Duration.ofHours(1));

		assertThat(this.first.memberList().count()).isEqualTo(1);
		assertThat(looksDue()).hasSize(2);
	}

	@Test
	void saysNothingOfALookThatTheCloseEnds() {
		this.first.memberList().otherwiseHold();
		passInterval();
		this.first.memberList().awaitCall(0);

		this.client.close();
		this.clock.advance(Duration.ofHours(1));

		assertThat(this.log.list).isEmpty();
		assertThat(looksDue()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S" })
	void refusesAnIntervalThatIsNotAboveZero(Duration interval) {
		EtcdClientOptions.Builder builder = EtcdClientOptions.builder(List.of("host:2379"));

		assertThatIllegalArgumentException().isThrownBy(() -> builder.autoSyncInterval(interval))
			.withMessage("auto sync interval: " + interval + " (expected: above zero, and at most 36500 days)");
	}

}
