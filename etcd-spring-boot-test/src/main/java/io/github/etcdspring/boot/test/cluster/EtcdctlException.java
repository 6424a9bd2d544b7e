/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

/**
 * A run of etcdctl that failed or took too long.
 */
public final class EtcdctlException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/** Arguments, without passwords. */
	private final String command;

	/** Exit status. */
	private final int exitCode;

	/** Standard error. */
	private final String errorOutput;

	EtcdctlException(String what, String command, int exitCode, String errorOutput) {
		super(what + ": " + command + (errorOutput.isEmpty() ? "" : "\n" + errorOutput));
		this.command = command;
		this.exitCode = exitCode;
		this.errorOutput = errorOutput;
	}

	/**
	 * {@return the arguments etcdctl was given, without passwords}
	 */
	public String command() {
		return this.command;
	}

	/**
	 * {@return the exit status, not 0; 128 + n if signal n ended etcdctl, as when it took
	 * too long and was killed (137)}
	 */
	public int exitCode() {
		return this.exitCode;
	}

	/**
	 * {@return what etcdctl wrote to its standard error, without surrounding white space}
	 */
	public String errorOutput() {
		return this.errorOutput;
	}

}
