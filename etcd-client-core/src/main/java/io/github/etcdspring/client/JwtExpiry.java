/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads when a JSON Web Token expires: the claim {@code exp} of its payload, in seconds
 * since 1970. The token stays opaque otherwise: nothing is verified, which is the
 * server's part, and whatever is odd has no known expiry.
 */
final class JwtExpiry {

	private static final int LONGEST_TOKEN = 16 * 1024;

	private static final long LATEST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

	/** A string, a number or word, or one mark; nothing that needs to backtrack. */
	private static final Pattern JSON_TOKEN = Pattern
		.compile("\\s*+(?:(\"(?:[^\"\\\\]|\\\\.)*+\")|([-+.\\w]++)|([{}\\[\\]:,]))", Pattern.DOTALL);

	private static final Pattern SECONDS = Pattern.compile("(\\d{1,12})(?:\\.\\d{1,9})?");

	private final Matcher json;

	private final int end;

	private JwtExpiry(String json) {
		this.end = json.stripTrailing().length();
		this.json = JSON_TOKEN.matcher(json);
	}

	/**
	 * Returns when a token expires.
	 * @param token any token
	 * @return the moment, {@code null} if it is not known
	 */
	static @Nullable Instant of(String token) {
		String[] parts = token.split("\\.", -1);
		if (parts.length != 3 || token.length() > LONGEST_TOKEN) {
			return null;
		}
		try {
			byte[] payload = Base64.getUrlDecoder().decode(parts[1]);
			return new JwtExpiry(new String(payload, StandardCharsets.UTF_8)).read();
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/** Walks over one object, and over what is nested in it without a look. */
	private @Nullable Instant read() {
		String expiry = null;
		int depth = 0;
		String previous = "";
		String beforePrevious = "";
		while (this.json.lookingAt()) {
			String text = this.json.group().strip();
			if (depth == 0 && !text.equals("{")) {
				return null;
			}
			if (depth == 1 && previous.equals(":") && beforePrevious.equals("\"exp\"")) {
				if (expiry != null) {
					return null;
				}
				expiry = text;
			}
			depth += switch (text) {
				case "{", "[" -> 1;
				case "}", "]" -> -1;
				default -> 0;
			};
			if (depth == 0) {
				return (this.json.end() == this.end) ? toInstant(expiry) : null;
			}
			beforePrevious = previous;
			previous = text;
			this.json.region(this.json.end(), this.end);
		}
		return null;
	}

	private static @Nullable Instant toInstant(@Nullable String seconds) {
		if (seconds == null) {
			return null;
		}
		Matcher number = SECONDS.matcher(seconds);
		if (!number.matches()) {
			return null;
		}
		long value = Long.parseLong(number.group(1));
		return (value <= LATEST) ? Instant.ofEpochSecond(value) : null;
	}

}
