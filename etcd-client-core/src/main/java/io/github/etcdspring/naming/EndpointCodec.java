/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * The layout of Go's {@code naming/endpoints}: key {@code <target>/<id>}, value
 * {@code {"Op":0,"Addr":"host:port","Metadata":null}}. Written byte for byte as Go does.
 * Read as Go does: names in any case, members that are missing or unknown, of one that
 * comes twice the last. {@code Op} says nothing in what is stored. What others wrote is
 * input: an entry that is too large, is no such JSON or has no address to connect to is
 * passed over, and hides nobody else. Thread-safe.
 */
final class EndpointCodec {

	/** As of an instance that Spring registers. */
	static final int MAX_SIZE = 16 * 1024;

	private final String target;

	private final ByteSequence prefix;

	private final BrokenEntries broken = new BrokenEntries();

	EndpointCodec(String target) {
		if (target.isEmpty()) {
			throw new IllegalArgumentException("target: '' (expected: at least one character)");
		}
		this.target = target;
		this.prefix = ByteSequence.of(target + "/");
	}

	String target() {
		return this.target;
	}

	KeyRange range() {
		return KeyRange.prefix(this.prefix);
	}

	ByteSequence key(String id) {
		if (id.isEmpty()) {
			throw new IllegalArgumentException("id: '' (expected: at least one character)");
		}
		return this.prefix.concat(id);
	}

	ByteSequence encode(Endpoint endpoint) {
		Map<String, @Nullable Object> members = new LinkedHashMap<>();
		members.put("Op", new JsonNumber("0"));
		members.put("Addr", endpoint.address());
		// JSON already, so it is put where it belongs as it is
		String withoutMetadata = JsonWriter.write(members);
		ByteSequence value = ByteSequence.of(withoutMetadata.substring(0, withoutMetadata.length() - 1)
				+ ",\"Metadata\":" + endpoint.metadata().orElse("null") + "}");
		if (value.size() > MAX_SIZE) {
			throw new IllegalArgumentException(
					"endpoint: " + value.size() + " bytes (expected: at most " + MAX_SIZE + " with its metadata)");
		}
		return value;
	}

	/** Returns what an entry says; empty if it says nothing that can be used. */
	Optional<NamedEndpoint> decode(KeyValue kv) {
		if (kv.value().size() > MAX_SIZE) {
			return passOver(kv, "it is larger than " + MAX_SIZE + " bytes");
		}
		Optional<String> id = id(kv.key());
		if (id.isEmpty()) {
			return passOver(kv, "its key is no UTF-8");
		}
		try {
			return decode(kv, id.get(), JsonReader.read(kv.value().toUtf8(), 1));
		}
		catch (MalformedJsonException ex) {
			return passOver(kv, "its value is no JSON: " + ex.getMessage());
		}
	}

	/** Returns the id that a key of the range names; empty if it is no UTF-8. */
	Optional<String> id(ByteSequence key) {
		ByteBuffer id = key.substring(this.prefix.size()).asReadOnlyByteBuffer();
		try {
			return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(id).toString());
		}
		catch (CharacterCodingException ex) {
			return Optional.empty();
		}
	}

	private Optional<NamedEndpoint> decode(KeyValue kv, String id, @Nullable Object value) {
		if (!(value instanceof Map<?, ?> members)) {
			return passOver(kv, "its value is no JSON object");
		}
		Object address = null;
		Object metadata = null;
		for (Map.Entry<?, ?> member : members.entrySet()) {
			String name = String.valueOf(member.getKey());
			// null leaves what was there before
			if (name.equalsIgnoreCase("Addr") && member.getValue() != null) {
				address = member.getValue();
			}
			else if (name.equalsIgnoreCase("Metadata")) {
				metadata = member.getValue();
			}
			else if (name.equalsIgnoreCase("Op") && !isOperation(member.getValue())) {
				return passOver(kv, "its operation is none");
			}
		}
		if (!(address instanceof String text) || !Endpoint.isAddress(text)) {
			return passOver(kv, "it has no address to connect to");
		}
		return Optional.of(new NamedEndpoint(id, Endpoint.of(text, metadata)));
	}

	/** Whether Go could read it: a number of eight bits, or nothing. */
	private static boolean isOperation(@Nullable Object value) {
		return value == null || (value instanceof JsonNumber number && number.text().matches("[0-9]{1,3}")
				&& Integer.parseInt(number.text()) <= 255);
	}

	private Optional<NamedEndpoint> passOver(KeyValue kv, String reason) {
		this.broken.tell(kv, reason);
		return Optional.empty();
	}

}
