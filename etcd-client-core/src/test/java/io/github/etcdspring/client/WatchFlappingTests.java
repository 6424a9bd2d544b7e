/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of many watches on one stream that breaks again and again.
 */
class WatchFlappingTests {

	private static final int WATCHES = 1000;

	private static final int FLAPS = 10;

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	@ParameterizedTest(name = "ids as asked for: {0}")
	@ValueSource(booleans = { true, false })
	void deliversEachEventOnceToEachOfAThousandWatches(boolean idsAsAskedFor) {
		ScriptedEtcd member = this.cluster.member();
		History history = new History(idsAsAskedFor);
		member.watch().onMessage(history::serve);
		EtcdClient client = this.cluster.client(member);
		List<RecordingListener> listeners = IntStream.range(0, WATCHES)
			.mapToObj((key) -> open(client, String.valueOf(key)))
			.toList();

		for (int i = 0; i < FLAPS; i++) {
			var stream = member.watch().awaitStream(i);
			stream.awaitMessage(i * 17);
			history.append(WATCHES);
			stream.fail(Status.UNAVAILABLE);
		}
		history.append(WATCHES);

		List<Long> last = history.revisionsOf(String.valueOf(WATCHES - 1));
		await().until(() -> listeners.stream().allMatch((listener) -> listener.revisions().size() >= last.size()));
		for (int key = 0; key < WATCHES; key++) {
			assertThat(listeners.get(key).revisions()).isEqualTo(history.revisionsOf(String.valueOf(key)));
		}
		assertThat(member.watch().count()).isEqualTo(FLAPS + 1);
	}

	private static RecordingListener open(EtcdClient client, String key) {
		RecordingListener listener = new RecordingListener();
		client.watch().open(WatchRequest.of(KeyRange.key(key)).from(1), listener);
		return listener;
	}

	/** A store that writes its keys in turn, and watches them as etcd does. */
	private static final class History {

		private final ReentrantLock lock = new ReentrantLock();

		private final List<String> keys = new ArrayList<>();

		private final Map<ScriptedStream<WatchProto.WatchRequest, WatchResponse>, Map<String, Long>> watched = new HashMap<>();

		private final boolean idsAsAskedFor;

		History(boolean idsAsAskedFor) {
			this.idsAsAskedFor = idsAsAskedFor;
		}

		void serve(ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream, WatchProto.WatchRequest request) {
			this.lock.lock();
			try {
				String key = request.getCreateRequest().getKey().toStringUtf8();
				Map<String, Long> ids = this.watched.computeIfAbsent(stream, (opened) -> new HashMap<>());
				long id = this.idsAsAskedFor ? request.getCreateRequest().getWatchId() : ids.size();
				ids.put(key, id);
				stream.send(created(id, this.keys.size()));
				for (long revision = request.getCreateRequest().getStartRevision(); revision <= this.keys
					.size(); revision++) {
					if (this.keys.get((int) revision - 1).equals(key)) {
						stream.send(events(id, List.of(put(key, "value", revision))));
					}
				}
			}
			finally {
				this.lock.unlock();
			}
		}

		void append(int count) {
			for (int i = 0; i < count; i++) {
				append(String.valueOf(i));
			}
		}

		private void append(String key) {
			this.lock.lock();
			try {
				this.keys.add(key);
				this.watched.forEach((stream, ids) -> {
					Long id = ids.get(key);
					if (id != null) {
						stream.send(events(id, List.of(put(key, "value", this.keys.size()))));
					}
				});
			}
			finally {
				this.lock.unlock();
			}
		}

		List<Long> revisionsOf(String key) {
			this.lock.lock();
			try {
				return IntStream.range(0, this.keys.size())
					.filter((index) -> this.keys.get(index).equals(key))
					.mapToObj((index) -> index + 1L)
					.toList();
			}
			finally {
				this.lock.unlock();
			}
		}

	}

}
