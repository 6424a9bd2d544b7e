/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.client.ServiceInstance;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceIndexTests {

	private final List<String> decoded = new ArrayList<>();

	private final InstanceIndex index = new InstanceIndex((key, value) -> {
		this.decoded.add(key.toUtf8());
		return new InstanceCodec("services").decode(key, value);
	});

	@Test
	void sortsInstancesThatAreUpByService() {
		assertThat(ids(kv("a/1", 1, "UP"), kv("a/2", 2, "UP"), kv("a/3", 3, "OUT_OF_SERVICE"), kv("b/1", 4, "UP"),
				kv("none", 5, "UP")))
			.isEqualTo(Map.of("a", List.of("a/1", "a/2"), "b", List.of("b/1")));
	}

	@Test
	void decodesOnlyWhatChanged() {
		ids(kv("a/1", 1, "UP"), kv("a/2", 2, "UP"));
		this.decoded.clear();

		assertThat(ids(kv("a/1", 1, "UP"), kv("a/2", 3, "OUT_OF_SERVICE"), kv("a/3", 4, "UP")))
			.isEqualTo(Map.of("a", List.of("a/1", "a/3")));
		assertThat(this.decoded).containsExactly("services/a/2", "services/a/3");
	}

	@Test
	void forgetsWhatIsGone() {
		ids(kv("a/1", 1, "UP"));

		assertThat(ids()).isEmpty();
		assertThat(ids(kv("a/1", 1, "UP"))).containsOnlyKeys("a");
		assertThat(this.decoded).containsExactly("services/a/1", "services/a/1");
	}

	@Test
	void decodesAgainWhenAnotherHistoryHasAnotherValueAtTheSameRevision() {
		ids(kv("a/1", 1, "UP"));

		assertThat(ids(kv("a/1", 1, "OUT_OF_SERVICE"))).isEmpty();
	}

	private Map<String, List<String>> ids(KeyValue... kvs) {
		Map<String, List<String>> ids = new TreeMap<>();
		this.index.byService(List.of(kvs))
			.forEach((service, instances) -> ids.put(service,
					instances.stream().map(ServiceInstance::getInstanceId).toList()));
		return ids;
	}

	private static KeyValue kv(String path, long revision, String status) {
		String json = "{\"id\":\"" + path + "\",\"host\":\"h\",\"port\":1,\"status\":\"" + status + "\"}";
		return new KeyValue(ByteSequence.of("services/" + path), ByteSequence.of(json), revision, revision, 1,
				LeaseId.NONE);
	}

}
