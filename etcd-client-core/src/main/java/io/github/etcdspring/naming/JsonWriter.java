/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes what {@link JsonReader} reads, without spaces and with the escapes of Go's
 * {@code json.Marshal}, byte for byte.
 */
final class JsonWriter {

	private final StringBuilder text = new StringBuilder();

	private JsonWriter() {
	}

	static String write(@Nullable Object value) {
		JsonWriter writer = new JsonWriter();
		writer.value(value);
		return writer.text.toString();
	}

	private void value(@Nullable Object value) {
		if (value instanceof Map<?, ?> members) {
			object(members);
		}
		else if (value instanceof List<?> elements) {
			array(elements);
		}
		else if (value instanceof String string) {
			string(string);
		}
		else if (value instanceof JsonNumber number) {
			this.text.append(number.text());
		}
		else {
			this.text.append(value);
		}
	}

	private void object(Map<?, ?> members) {
		char before = '{';
		for (Map.Entry<?, ?> member : members.entrySet()) {
			this.text.append(before);
			string(String.valueOf(member.getKey()));
			this.text.append(':');
			value(member.getValue());
			before = ',';
		}
		this.text.append((before == '{') ? "{}" : "}");
	}

	private void array(List<?> elements) {
		char before = '[';
		for (Object element : elements) {
			this.text.append(before);
			value(element);
			before = ',';
		}
		this.text.append((before == '[') ? "[]" : "]");
	}

	private void string(String string) {
		this.text.append('"');
		string.codePoints().forEach(this::character);
		this.text.append('"');
	}

	private void character(int codePoint) {
		switch (codePoint) {
			case '"' -> this.text.append("\\\"");
			case '\\' -> this.text.append("\\\\");
			case '\b' -> this.text.append("\\b");
			case '\f' -> this.text.append("\\f");
			case '\n' -> this.text.append("\\n");
			case '\r' -> this.text.append("\\r");
			case '\t' -> this.text.append("\\t");
			default -> {
				if (isEscaped(codePoint)) {
					this.text.append(String.format("\\u%04x", codePoint));
				}
				else if (isSurrogate(codePoint)) {
					this.text.append("\\ufffd");
				}
				else {
					this.text.appendCodePoint(codePoint);
				}
			}
		}
	}

	/** Go escapes what would mean something in HTML or JavaScript. */
	private static boolean isEscaped(int codePoint) {
		return codePoint < 0x20 || codePoint == '<' || codePoint == '>' || codePoint == '&' || codePoint == 0x2028
				|| codePoint == 0x2029;
	}

	/** One without its other half, which no UTF-8 can say. */
	private static boolean isSurrogate(int codePoint) {
		return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
	}

}
