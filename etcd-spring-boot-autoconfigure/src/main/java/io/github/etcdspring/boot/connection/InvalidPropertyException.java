/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import java.time.Duration;

import org.springframework.boot.convert.DurationStyle;

/**
 * A property whose value breaks a rule. Not for secrets: it quotes the value.
 *
 * @serial exclude
 */
public final class InvalidPropertyException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String property;

	private final String value;

	private final String rule;

	/**
	 * Creates the exception.
	 * @param property the property's name
	 * @param value its value
	 * @param rule what is expected instead
	 */
	public InvalidPropertyException(String property, Object value, String rule) {
		super(property + ": " + value + " (expected: " + rule + ")");
		this.property = property;
		this.value = String.valueOf(value);
		this.rule = rule;
	}

	/**
	 * Checks the time to live of a lease.
	 * @param property the property's name
	 * @param ttl its value
	 * @throws InvalidPropertyException if it is less than a second
	 */
	public static void requireTtl(String property, Duration ttl) {
		if (ttl.compareTo(Duration.ofSeconds(1)) < 0) {
			throw new InvalidPropertyException(property, DurationStyle.SIMPLE.print(ttl), "at least 1s");
		}
	}

	/**
	 * Checks a time to wait.
	 * @param property the property's name
	 * @param time its value
	 * @throws InvalidPropertyException if it is not above zero
	 */
	public static void requirePositive(String property, Duration time) {
		if (time.isNegative() || time.isZero()) {
			throw new InvalidPropertyException(property, DurationStyle.SIMPLE.print(time), "above zero");
		}
	}

	/**
	 * Returns the property.
	 * @return its name
	 */
	public String property() {
		return this.property;
	}

	/**
	 * Returns what it is set to.
	 * @return its value
	 */
	public String value() {
		return this.value;
	}

	/**
	 * Returns what is expected.
	 * @return the rule that the value breaks
	 */
	public String rule() {
		return this.rule;
	}

}
