/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link Endpoint}.
 */
class EndpointTests {

	@Test
	void hasNoMetadataUnlessItIsGivenSome() {
		Endpoint endpoint = Endpoint.of("10.0.0.1:80");

		assertThat(endpoint.address()).isEqualTo("10.0.0.1:80");
		assertThat(endpoint.metadata()).isEmpty();
		assertThat(endpoint.attributes()).isEmpty();
		assertThat(endpoint.withMetadata(" null ")).isEqualTo(endpoint);
	}

	@Test
	void keepsTextsInTheOrderOfTheirNames() {
		Endpoint endpoint = Endpoint.of("a:1")
			.withMetadata(Map.of("zone", "b", "a<", "1", "\ud83d\ude00", "2", "\uffff", "3"));

		assertThat(endpoint.metadata())
			.contains("{\"a\\u003c\":\"1\",\"zone\":\"b\",\"\uffff\":\"3\",\"\ud83d\ude00\":\"2\"}");
		assertThat(endpoint.attributes()).containsEntry("zone", "b").hasSize(4);
	}

	@Test
	void tellsOnlyTextsAsAttributes() {
		Endpoint endpoint = Endpoint.of("a:1")
			.withMetadata("{\"a\": \"1\", \"b\": 2, \"c\": {\"d\": \"3\"}, \"e\": null}");

		assertThat(endpoint.attributes()).isEqualTo(Map.of("a", "1"));
		assertThat(endpoint.metadata()).contains("{\"a\":\"1\",\"b\":2,\"c\":{\"d\":\"3\"},\"e\":null}");
		assertThat(Endpoint.of("a:1").withMetadata("[\"a\"]").attributes()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b:1", "a:1\n", "\u0000", "a\u2003:1" })
	void refusesAnAddressThatIsNone(String address) {
		assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.of(address)).withMessageContaining("expected:");
	}

	@Test
	void refusesMetadataThatIsNoJson() {
		assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.of("a:1").withMetadata("{secret"))
			.withMessageContaining("no string at character 1")
			.withMessageNotContaining("secret");
	}

	@Test
	void namesItsAddressAndNotItsMetadata() {
		assertThat(Endpoint.of("a:1").withMetadata("\"secret\""))
			.hasToString("Endpoint[a:1, 8 characters of metadata]");
		assertThat(Endpoint.of("a:1")).hasToString("Endpoint[a:1]");
	}

	@Test
	void equalsAnotherOfTheSameAddressAndMetadata() {
		Endpoint endpoint = Endpoint.of("a:1").withMetadata("{\"a\": 1}");

		assertThat(endpoint).isEqualTo(Endpoint.of("a:1").withMetadata("{\"a\":1}"))
			.hasSameHashCodeAs(Endpoint.of("a:1").withMetadata("{\"a\":1}"))
			.isNotEqualTo(Endpoint.of("a:1"))
			.isNotEqualTo(Endpoint.of("b:1").withMetadata("{\"a\":1}"));
	}

}
