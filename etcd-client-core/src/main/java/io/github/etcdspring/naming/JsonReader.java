/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON value, strictly by RFC 8259. Objects become maps, arrays lists, strings
 * texts, numbers {@link JsonNumber}s, and {@code null} is {@code null}. Of a name that an
 * object has twice the last counts, as in Go. Values nested deeper than a limit are
 * refused, so that no text can exhaust the stack; its length the caller limits. Used
 * once, by one thread.
 */
final class JsonReader {

	static final int MAX_DEPTH = 50;

	private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*+)([.][0-9]++)?([eE][+-]?[0-9]++)?");

	private final String text;

	private int position;

	private JsonReader(String text) {
		this.text = text;
	}

	/**
	 * Reads a text that is one value.
	 * @param depth how deep the text itself stands in another value: 1 if in none
	 */
	static @Nullable Object read(String text, int depth) throws MalformedJsonException {
		JsonReader reader = new JsonReader(text);
		Object value = reader.value(depth);
		reader.skipSpace();
		if (reader.position < text.length()) {
			throw reader.malformed("more than one value");
		}
		return value;
	}

	private @Nullable Object value(int depth) throws MalformedJsonException {
		if (depth > MAX_DEPTH) {
			throw malformed("nested deeper than " + MAX_DEPTH);
		}
		skipSpace();
		return switch (peek()) {
			case '{' -> object(depth);
			case '[' -> array(depth);
			case '"' -> string();
			case 't' -> literal("true", Boolean.TRUE);
			case 'f' -> literal("false", Boolean.FALSE);
			case 'n' -> literal("null", null);
			default -> number();
		};
	}

	private Map<String, @Nullable Object> object(int depth) throws MalformedJsonException {
		Map<String, @Nullable Object> members = new LinkedHashMap<>();
		expect('{');
		if (skipIf('}')) {
			return members;
		}
		do {
			skipSpace();
			String name = string();
			expect(':');
			// the place of the last one, too, counts
			members.remove(name);
			members.put(name, value(depth + 1));
		}
		while (skipIf(','));
		expect('}');
		return members;
	}

	private List<@Nullable Object> array(int depth) throws MalformedJsonException {
		List<@Nullable Object> elements = new ArrayList<>();
		expect('[');
		if (skipIf(']')) {
			return elements;
		}
		do {
			elements.add(value(depth + 1));
		}
		while (skipIf(','));
		expect(']');
		return elements;
	}

	private String string() throws MalformedJsonException {
		if (peek() != '"') {
			throw malformed("no string");
		}
		this.position++;
		StringBuilder string = new StringBuilder();
		while (peek() != '"') {
			char next = this.text.charAt(this.position++);
			if (next < 0x20) {
				throw malformed("a control character in a string");
			}
			string.append((next == '\\') ? escaped() : next);
		}
		this.position++;
		return string.toString();
	}

	private char escaped() throws MalformedJsonException {
		char kind = peek();
		this.position++;
		return switch (kind) {
			case '"', '\\', '/' -> kind;
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			case 'u' -> unit();
			default -> throw malformed("an unknown escape");
		};
	}

	private char unit() throws MalformedJsonException {
		int unit = 0;
		for (int i = 0; i < 4; i++) {
			char hex = peek();
			int digit = (hex < 0x80) ? Character.digit(hex, 16) : -1;
			if (digit < 0) {
				throw malformed("no hexadecimal digit");
			}
			unit = unit * 16 + digit;
			this.position++;
		}
		return (char) unit;
	}

	private JsonNumber number() throws MalformedJsonException {
		Matcher number = NUMBER.matcher(this.text).region(this.position, this.text.length());
		if (!number.lookingAt()) {
			throw malformed("no value");
		}
		this.position = number.end();
		return new JsonNumber(number.group());
	}

	private @Nullable Boolean literal(String name, @Nullable Boolean value) throws MalformedJsonException {
		if (!this.text.startsWith(name, this.position)) {
			throw malformed("no value");
		}
		this.position += name.length();
		return value;
	}

	private void expect(char expected) throws MalformedJsonException {
		if (!skipIf(expected)) {
			throw malformed("no '" + expected + "'");
		}
	}

	private boolean skipIf(char wanted) throws MalformedJsonException {
		skipSpace();
		if (peek() != wanted) {
			return false;
		}
		this.position++;
		return true;
	}

	private void skipSpace() {
		while (this.position < this.text.length() && " \t\r\n".indexOf(this.text.charAt(this.position)) >= 0) {
			this.position++;
		}
	}

	private char peek() throws MalformedJsonException {
		if (this.position >= this.text.length()) {
			throw malformed("the end is missing");
		}
		return this.text.charAt(this.position);
	}

	private MalformedJsonException malformed(String problem) {
		return new MalformedJsonException(problem, this.position);
	}

}
