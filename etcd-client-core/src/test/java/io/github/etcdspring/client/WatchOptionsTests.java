/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.WatchProto.WatchCreateRequest;
import io.github.etcdspring.internal.proto.WatchProto.WatchCreateRequest.FilterType;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.progress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link WatchRequest}'s options, and what they ask of the server.
 */
class WatchOptionsTests {

	private static final WatchRequest FROM_5 = WatchRequest.of(KeyRange.key("a")).from(5);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingListener listener = new RecordingListener();

	private WatchCreateRequest sent(ScriptedEtcd member, int stream) {
		return member.watch().awaitStream(stream).awaitMessage(0).getCreateRequest();
	}

	@Test
	void asksForNoFilterUnlessTold() {
		ScriptedEtcd member = this.cluster.member();

		this.cluster.client(member).watch().open(FROM_5, this.listener);

		assertThat(sent(member, 0).getFiltersList()).isEmpty();
	}

	@Test
	void asksForNoPuts() {
		ScriptedEtcd member = this.cluster.member();

		this.cluster.client(member).watch().open(FROM_5.withoutPuts(), this.listener);

		assertThat(sent(member, 0).getFiltersList()).containsExactly(FilterType.NOPUT);
	}

	@Test
	void asksForNoDeletionsInANamespaceToo() {
		ScriptedEtcd member = this.cluster.member();

		this.cluster.client(member)
			.withNamespace("app/")
			.watch()
			.open(FROM_5.withoutDeletes().withPrevious(), this.listener);

		WatchCreateRequest create = sent(member, 0);
		assertThat(create.getFiltersList()).containsExactly(FilterType.NODELETE);
		assertThat(create.getPrevKv()).isTrue();
		assertThat(create.getStartRevision()).isEqualTo(5);
		assertThat(create.getKey().toStringUtf8()).isEqualTo("app/a");
	}

	@Test
	void refusesToTellNothing() {
		assertThatIllegalArgumentException().isThrownBy(() -> FROM_5.withoutPuts().withoutDeletes())
			.withMessage("filters: neither puts nor deletes (expected: one of withoutPuts() and withoutDeletes())");
		assertThatIllegalArgumentException().isThrownBy(() -> FROM_5.withoutDeletes().withoutPuts());
	}

	@Test
	void keepsEveryOptionWithAnother() {
		WatchRequest all = FROM_5.withPrevious()
			.withoutPuts()
			.withoutRequireLeader()
			.withRelist()
			.withRange(KeyRange.key("b"))
			.from(7);

		assertThat(List.of(all.returnsPrevious(), all.returnsDeletes(), all.relists())).containsOnly(true);
		assertThat(List.of(all.returnsPuts(), all.requiresLeader())).containsOnly(false);
		assertThat(all.range()).isEqualTo(KeyRange.key("b"));
		assertThat(all.startRevision()).isEqualTo(7);
		assertThat(all.withPrevious().withRelist().withoutRequireLeader().withoutPuts().requiresLeader()).isFalse();
	}

	@Test
	void movesThePlaceOfAFilteredWatchByProgressAlone() {
		ScriptedEtcd member = this.cluster.member();
		this.cluster.client(member).watch().open(FROM_5.withoutPuts(), this.listener);
		var stream = member.watch().awaitStream(0);
		stream.awaitMessage(0);
		stream.send(created(0, 100));
		stream.send(progress(0, 50));
		this.listener.awaitCalls("progress 50");

		stream.fail(Status.UNAVAILABLE);

		assertThat(sent(member, 1).getStartRevision()).isEqualTo(51);
	}

	@Test
	void sharesOneStreamAmongThoseThatRequireALeaderAndAnotherAmongTheRest() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		client.watch().open(FROM_5, this.listener);
		var leading = member.watch().awaitStream(0);
		leading.awaitMessage(0);
		RecordingListener plain = new RecordingListener();

		client.watch().open(FROM_5.withoutRequireLeader(), plain);
		client.watch().open(FROM_5.withoutRequireLeader(), new RecordingListener());
		var other = member.watch().awaitStream(1);
		other.awaitMessage(0);
		other.send(created(0, 100));
		other.awaitMessage(1);
		other.send(events(0, 6));

		plain.awaitCalls("events [6]");
		assertThat(leading.header("hasleader")).isEqualTo("true");
		assertThat(other.header("hasleader")).isNull();
		assertThat(member.watch().count()).isEqualTo(2);
	}

	@Test
	void watchesTheKeysOfItsNamespaceFromNow() {
		ScriptedEtcd member = this.cluster.member();

		this.cluster.client(member)
			.withNamespace(ByteSequence.of("app/"))
			.watch()
			.open(WatchRequest.of(KeyRange.key("a")).withoutPuts(), this.listener);

		assertThat(member.range().awaitCall(0).request().getKey().toStringUtf8()).startsWith("app/");
		assertThat(sent(member, 0).getStartRevision()).isEqualTo(ScriptedEtcd.REVISION + 1);
		assertThat(sent(member, 0).getFiltersList()).containsExactly(FilterType.NOPUT);
	}

}
