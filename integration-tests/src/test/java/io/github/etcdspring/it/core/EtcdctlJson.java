/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code etcdctl -w json} printed. Immutable.
 *
 * @param text the JSON
 */
public record EtcdctlJson(String text) {

	/**
	 * {@return a number, unsigned; 0 if it is left out, as etcdctl does with zeros}
	 * @param name of the first field that is called so
	 */
	public long number(String name) {
		String value = value(name, "(\\d+)");
		return value.isEmpty() ? 0 : Long.parseUnsignedLong(value);
	}

	/**
	 * {@return a text, empty if it is left out}
	 * @param name of the first field that is called so
	 */
	public String string(String name) {
		return value(name, "\"([^\"]*)\"");
	}

	private String value(String name, String pattern) {
		Matcher matcher = Pattern.compile("\"" + name + "\":" + pattern).matcher(this.text);
		return matcher.find() ? matcher.group(1) : "";
	}

}
