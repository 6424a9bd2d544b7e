/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import java.nio.charset.StandardCharsets;

/**
 * Names as one segment of a key: a service, an instance, a lock, a role. Whatever the
 * name holds, it stays within its segment, and two names never share one.
 */
public final class KeySegment {

	private KeySegment() {
	}

	/**
	 * Returns a name as a segment: {@code %}, {@code /} and control characters are
	 * written as {@code %HH}, and so are the dots of {@code .} and {@code ..}.
	 * @param name the name, not empty
	 * @return the segment
	 * @throws IllegalArgumentException if the name is empty, or holds half of a surrogate
	 * pair: as UTF-8 it would be the same as another
	 */
	public static String encode(String name) {
		if (name.isEmpty()) {
			throw new IllegalArgumentException("name is empty (expected: at least one character)");
		}
		if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
			throw new IllegalArgumentException("name holds half of a surrogate pair (expected: whole characters)");
		}
		if (name.equals(".") || name.equals("..")) {
			return name.replace(".", "%2E");
		}
		StringBuilder segment = new StringBuilder(name.length());
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			if (c == '/' || c == '%' || c < 0x20 || c == 0x7f) {
				segment.append(String.format("%%%02X", (int) c));
			}
			else {
				segment.append(c);
			}
		}
		return segment.toString();
	}

	/**
	 * Returns the name that a segment was made of.
	 * @param segment the segment
	 * @return the name; a {@code %} that no two hexadecimal digits follow stays as it is
	 */
	public static String decode(String segment) {
		if (segment.indexOf('%') < 0) {
			return segment;
		}
		byte[] bytes = segment.getBytes(StandardCharsets.UTF_8);
		byte[] decoded = new byte[bytes.length];
		int length = 0;
		for (int i = 0; i < bytes.length; i++) {
			int high = (bytes[i] == '%' && i + 2 < bytes.length) ? Character.digit(bytes[i + 1], 16) : -1;
			int low = (high >= 0) ? Character.digit(bytes[i + 2], 16) : -1;
			if (low >= 0) {
				decoded[length++] = (byte) (high * 16 + low);
				i += 2;
			}
			else {
				decoded[length++] = bytes[i];
			}
		}
		return new String(decoded, 0, length, StandardCharsets.UTF_8);
	}

}
