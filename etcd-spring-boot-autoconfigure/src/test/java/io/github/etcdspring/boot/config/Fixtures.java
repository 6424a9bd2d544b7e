/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.context.config.Profiles;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Values that the tests of this package begin with.
 */
final class Fixtures {

	private Fixtures() {
	}

	static EtcdConfigProperties properties(String... namesAndValues) {
		MapConfigurationPropertySource source = new MapConfigurationPropertySource();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			source.put(namesAndValues[i], namesAndValues[i + 1]);
		}
		return new Binder(source).bindOrCreate("etcd.config", EtcdConfigProperties.class);
	}

	/** The only way to such profiles from outside its package. */
	static Profiles profiles(String... active) {
		Profiles profiles = mock(Profiles.class);
		given(profiles.iterator()).willAnswer((call) -> List.of(active).iterator());
		return profiles;
	}

	static KeyValue kv(String key, String value, long revision) {
		return kv(key.getBytes(StandardCharsets.UTF_8), value, revision);
	}

	static KeyValue kv(byte[] key, String value, long revision) {
		return new KeyValue(ByteSequence.copyOf(key), ByteSequence.of(value), revision, revision, 1, LeaseId.NONE);
	}

	static ConfigSnapshot snapshot(long revision, ConfigContext context, Map<String, String> values) {
		return new ConfigSnapshot(revision, Map.of(context, values(context, revision, values)));
	}

	static Map<String, ConfigValue> values(ConfigContext context, long revision, Map<String, String> values) {
		Map<String, ConfigValue> result = new HashMap<>();
		values.forEach((name, value) -> result.put(name, new ConfigValue(value, context.prefix() + name, revision)));
		return result;
	}

	static LiveConfig live(EtcdClient client, List<ConfigContext> contexts, ConfigSnapshot snapshot) {
		return new LiveConfig(contexts, properties("etcd.config.startup-timeout", Duration.ofSeconds(1).toString()),
				new ConfigReader(client, contexts,
						new RemoteProperties(false, LogFactory.getLog(RemoteProperties.class))),
				snapshot);
	}

}
