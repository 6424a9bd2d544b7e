/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import io.github.etcdspring.ByteSequence;
import org.jspecify.annotations.Nullable;

/**
 * Where an instance of a service can be reached, and what else is known of it: Go's
 * {@code endpoints.Endpoint}. Immutable.
 */
public final class Endpoint {

	/** Metadata stands in the object that an entry is. */
	private static final int IN_ENTRY = 2;

	private final String address;

	/** JSON without spaces. */
	private final @Nullable String metadata;

	private Endpoint(String address, @Nullable String metadata) {
		this.address = address;
		this.metadata = metadata;
	}

	/**
	 * Returns an endpoint without metadata.
	 * @param address what to connect to, as a rule {@code host:port}; without spaces and
	 * control characters. Nobody checks that anybody is there
	 * @return the endpoint
	 * @throws IllegalArgumentException if the address is empty, or holds such characters
	 */
	public static Endpoint of(String address) {
		Objects.requireNonNull(address, "address");
		if (!isAddress(address)) {
			throw new IllegalArgumentException("address: " + ByteSequence.of(address)
					+ " (expected: such as host:port, without spaces and control characters)");
		}
		return new Endpoint(address, null);
	}

	static boolean isAddress(String address) {
		return !address.isEmpty() && address.codePoints()
			.noneMatch((each) -> Character.isWhitespace(each) || Character.isISOControl(each));
	}

	/**
	 * Returns the same address with metadata.
	 * @param json any JSON value; written without the spaces between its parts, and with
	 * the escapes of Go. {@code null} as JSON means none
	 * @return a new endpoint
	 * @throws IllegalArgumentException if it is no JSON, or nested deeper than 49
	 */
	public Endpoint withMetadata(String json) {
		try {
			return new Endpoint(this.address, metadata(JsonReader.read(json, IN_ENTRY)));
		}
		catch (MalformedJsonException ex) {
			throw new IllegalArgumentException("metadata: " + ex.getMessage() + " (expected: a JSON value)", ex);
		}
	}

	/**
	 * Returns the same address with texts as metadata: a JSON object, its members in the
	 * order of their names, as Go writes a {@code map[string]string}.
	 * @param attributes the texts by their names
	 * @return a new endpoint
	 */
	public Endpoint withMetadata(Map<String, String> attributes) {
		Map<ByteSequence, String> sorted = new TreeMap<>();
		attributes.forEach((name, value) -> sorted.put(ByteSequence.of(name), value));
		Map<String, String> members = new LinkedHashMap<>();
		sorted.forEach((name, value) -> members.put(name.toUtf8(), value));
		return new Endpoint(this.address, JsonWriter.write(members));
	}

	static Endpoint of(String address, @Nullable Object metadata) {
		return new Endpoint(address, metadata(metadata));
	}

	private static @Nullable String metadata(@Nullable Object value) {
		return (value != null) ? JsonWriter.write(value) : null;
	}

	/**
	 * Returns what to connect to.
	 * @return the address, as a rule {@code host:port}
	 */
	public String address() {
		return this.address;
	}

	/**
	 * Returns what else is known.
	 * @return a JSON value without spaces between its parts; empty if there is none
	 */
	public Optional<String> metadata() {
		return Optional.ofNullable(this.metadata);
	}

	/**
	 * Returns the metadata's texts.
	 * @return the members of the metadata that are strings, by their names, in the order
	 * in which they were written; none if the metadata is no JSON object; immutable
	 */
	public Map<String, String> attributes() {
		Map<String, String> attributes = new LinkedHashMap<>();
		if (this.metadata != null && parsed(this.metadata) instanceof Map<?, ?> members) {
			members.forEach((name, value) -> {
				if (value instanceof String text) {
					attributes.put(String.valueOf(name), text);
				}
			});
		}
		return Collections.unmodifiableMap(attributes);
	}

	private static @Nullable Object parsed(String metadata) {
		try {
			return JsonReader.read(metadata, IN_ENTRY);
		}
		catch (MalformedJsonException ex) {
			throw new IllegalStateException("metadata that was written cannot be read", ex);
		}
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof Endpoint that && this.address.equals(that.address)
				&& Objects.equals(this.metadata, that.metadata));
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.address, this.metadata);
	}

	/** Names the address, and of the metadata only how long it is. */
	@Override
	public String toString() {
		return "Endpoint[" + this.address
				+ ((this.metadata != null) ? ", " + this.metadata.length() + " characters of metadata" : "") + "]";
	}

}
