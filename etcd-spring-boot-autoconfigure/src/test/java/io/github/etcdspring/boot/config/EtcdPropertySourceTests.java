/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.List;
import java.util.Map;

import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.MutablePropertySources;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdPropertySourceTests {

	private static final ConfigContext SHARED = new ConfigContext("config/application/", false);

	private static final ConfigContext CONTEXT = new ConfigContext("config/app/", false);

	private final EtcdClient client = EtcdClient.create("http://127.0.0.1:1");

	private final LiveConfig live = Fixtures.live(this.client, List.of(SHARED, CONTEXT), snapshot(5, "1"));

	private final EtcdPropertySource shared = new EtcdPropertySource(this.live, SHARED);

	private final EtcdPropertySource own = new EtcdPropertySource(this.live, CONTEXT);

	@AfterEach
	void close() {
		this.client.close();
	}

	@Test
	void isNamedByItsContext() {
		assertThat(this.own.getName()).isEqualTo("etcd:config/app/");
	}

	@Test
	void holdsPropertiesOfItsContext() {
		assertThat(this.own.getPropertyNames()).containsExactly("b");
		assertThat(this.own.containsProperty("b")).isTrue();
		assertThat(this.own.getProperty("b")).isEqualTo("1");
		assertThat(this.own.containsProperty("a")).isFalse();
		assertThat(this.own.getProperty("a")).isNull();
	}

	@Test
	void tellsKeyAndRevisionAsOriginButNotTheValue() {
		Origin origin = OriginLookup.getOrigin(this.own, "b");

		assertThat(origin).hasToString("etcd key 'config/app/b' at revision 5");
		assertThat(OriginLookup.<String>getOrigin(this.own, "a")).isNull();
	}

	@Test
	void showsNewRevisionInAllSourcesWithOneWrite() {
		this.live.show(snapshot(6, "2"));

		assertThat(this.shared.getProperty("a")).isEqualTo("2");
		assertThat(this.own.getProperty("b")).isEqualTo("2");
	}

	@Test
	void neverShowsMixtureOfTwoRevisionsWhileAnotherThreadWrites() throws InterruptedException {
		Thread writer = new Thread(() -> {
			for (int i = 2; i <= 20_000; i++) {
				this.live.show(snapshot(i, Integer.toString(i)));
			}
		});
		writer.start();
		int unchanged = 0;
		while (writer.isAlive() || unchanged == 0) {
			Object before = this.shared.getProperty("a");
			Object other = this.own.getProperty("b");
			if (before != null && before.equals(this.shared.getProperty("a"))) {
				// no write in between: the other source must be of the same revision
				assertThat(other).isEqualTo(before);
				unchanged++;
			}
		}
		writer.join();

		assertThat(this.own.getProperty("b")).isEqualTo("20000");
	}

	@Test
	void isFoundByNameInTheEnvironment() {
		MutablePropertySources sources = new MutablePropertySources();
		sources.addLast(this.own);

		assertThat(sources.get("etcd:config/app/")).isSameAs(this.own);
	}

	private static ConfigSnapshot snapshot(long revision, String value) {
		return new ConfigSnapshot(revision, Map.of(SHARED, Fixtures.values(SHARED, revision, Map.of("a", value)),
				CONTEXT, Fixtures.values(CONTEXT, revision, Map.of("b", value))));
	}

}
