/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.boot.connection.KeySegment;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The layout of instances in etcd: key {@code <prefix>/<service>/<id>}, value JSON. What
 * others wrote is input: a record that is too large, is no JSON or names no place to call
 * is passed over, and hides nobody else. Thread-safe.
 */
final class InstanceCodec {

	private static final int MAX_SIZE = 16 * 1024;

	/** A host name, or an IPv4 address. */
	private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");

	/** What an IPv6 address without brackets is made of. */
	private static final Pattern IPV6_ADDRESS = Pattern.compile("[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9]+)?");

	private static final Log logger = LogFactory.getLog(InstanceCodec.class);

	private final JsonMapper json = JsonMapper.builder().build();

	private final String prefix;

	InstanceCodec(String prefix) {
		this.prefix = prefix + "/";
	}

	ByteSequence prefix() {
		return ByteSequence.of(this.prefix);
	}

	ByteSequence key(InstanceRecord instance) {
		return ByteSequence
			.of(this.prefix + KeySegment.encode(instance.service()) + "/" + KeySegment.encode(instance.id()));
	}

	ByteSequence encode(InstanceRecord instance) {
		ObjectNode node = this.json.createObjectNode();
		node.put("id", instance.id());
		node.put("service", instance.service());
		node.put("host", instance.host());
		node.put("port", instance.port());
		node.put("secure", instance.secure());
		node.put("status", instance.status().name());
		ObjectNode metadata = node.putObject("metadata");
		instance.metadata().forEach(metadata::put);
		return ByteSequence.copyOf(this.json.writeValueAsBytes(node));
	}

	/** Whether others would pass over this record for its size. */
	boolean isTooLarge(InstanceRecord instance) {
		return encode(instance).size() > MAX_SIZE;
	}

	/** Returns the service that a key is of; empty if it is no instance's key. */
	Optional<String> service(ByteSequence key) {
		String[] segments = key.toUtf8().substring(this.prefix.length()).split("/", -1);
		boolean complete = segments.length == 2 && !segments[0].isEmpty() && !segments[1].isEmpty();
		return complete ? Optional.of(KeySegment.decode(segments[0])) : Optional.empty();
	}

	Optional<InstanceRecord> decode(ByteSequence key, ByteSequence value) {
		Optional<String> service = service(key);
		if (service.isEmpty() || value.size() > MAX_SIZE) {
			return passOver(key, "it is no instance's key, or too large");
		}
		try {
			return valid(key, service.get(), this.json.readTree(value.toByteArray()));
		}
		catch (JacksonException ex) {
			return passOver(key, "it is no JSON");
		}
	}

	private Optional<InstanceRecord> valid(ByteSequence key, String service, JsonNode node) {
		String id = node.path("id").asString("");
		String host = node.path("host").asString("");
		int port = node.path("port").asInt(0);
		if (id.isEmpty() || hasControlCharacters(id) || !isHost(host) || port < 1 || port > 65535) {
			return passOver(key, "it names no id, host and port that can be called");
		}
		InstanceStatus status = node.path("status").asString("UP").equals("UP") ? InstanceStatus.UP
				: InstanceStatus.OUT_OF_SERVICE;
		return Optional.of(new InstanceRecord(id, service, host, port, node.path("secure").asBoolean(false), status,
				metadata(node.path("metadata"))));
	}

	/** Whether others can call a host of this name. */
	static boolean isHost(String host) {
		return HOST_NAME.matcher(host).matches() || (IPV6_ADDRESS.matcher(host).matches() && isAddress(host));
	}

	/** Whether it can stand in a URI between brackets. */
	private static boolean isAddress(String host) {
		try {
			return new URI("http://[" + host + "]").getHost() != null;
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

	private static Map<String, String> metadata(JsonNode node) {
		Map<String, String> metadata = new HashMap<>();
		for (Map.Entry<String, JsonNode> entry : node.properties()) {
			String value = entry.getValue().asString("");
			if (!hasControlCharacters(entry.getKey()) && !hasControlCharacters(value)) {
				metadata.put(entry.getKey(), value);
			}
		}
		return metadata;
	}

	static boolean hasControlCharacters(String text) {
		return text.chars().anyMatch(Character::isISOControl);
	}

	private static Optional<InstanceRecord> passOver(ByteSequence key, String reason) {
		logger.debug("instance at etcd key '" + key + "' is passed over: " + reason);
		return Optional.empty();
	}

}
