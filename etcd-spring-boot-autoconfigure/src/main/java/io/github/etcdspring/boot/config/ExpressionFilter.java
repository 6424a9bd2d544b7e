/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.regex.Pattern;

/**
 * Finds values that Spring could evaluate. It resolves placeholders first and evaluates
 * what begins with <code>#{</code> then, so the two characters need not stand together in
 * a value: they can come from the two sides of a placeholder, from two keys, or from a
 * key and the application's own <code>#${name}</code>. A value passes if neither of them
 * can meet the other one, whatever placeholders yield; but for a single word in braces,
 * as in {cipher}, which behind a hash of the application's own is the bean of that name.
 */
final class ExpressionFilter {

	/**
	 * A hash with a brace behind it now or when placeholders are resolved: one that ends
	 * the value or a default, or stands before a placeholder, escaped or not.
	 */
	private static final Pattern HASH = Pattern.compile("#\\\\*(?:\\z|[{}]|\\$(?:\\{|\\z))");

	/**
	 * A brace that a hash can come to stand before, as it begins the value or a default
	 * or follows a placeholder. Let through are a single word such as {cipher}, and what
	 * goes on as no expression does, such as JSON.
	 */
	private static final Pattern BRACE = Pattern
		.compile("(?:\\A|[}:])\\{(?!\\s*(?:\\w+(?:[-@]\\w+)*|\"[^\"\\\\]*\")?\\s*[}:,])");

	private ExpressionFilter() {
	}

	static boolean mayBecomeExpression(String value) {
		return HASH.matcher(value).find() || BRACE.matcher(value).find();
	}

}
