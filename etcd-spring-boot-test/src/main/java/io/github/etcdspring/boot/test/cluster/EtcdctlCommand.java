/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The arguments of one run of etcdctl. Immutable.
 *
 * @param arguments as the user gave them
 */
record EtcdctlCommand(List<String> arguments) {

	private static final String HIDDEN = "***";

	private static final Set<String> PASSWORD_FLAGS = Set.of("--password", "--new-user-password");

	EtcdctlCommand {
		arguments = List.copyOf(arguments);
	}

	/**
	 * The whole command line.
	 * @param connection flags in the form {@code --name=value}; left out where the user
	 * has given the same, since etcdctl adds the endpoints of repeated flags up
	 */
	List<String> line(String etcdctl, List<String> connection) {
		List<String> line = new ArrayList<>(List.of(etcdctl));
		connection.stream().filter((flag) -> !isGiven(flag.substring(0, flag.indexOf('=')))).forEach(line::add);
		line.addAll(this.arguments);
		return line;
	}

	private boolean isGiven(String flag) {
		return this.arguments.stream().anyMatch((word) -> word.equals(flag) || word.startsWith(flag + "="));
	}

	/**
	 * The arguments for people to read, without passwords: those of flags, and what
	 * follows the name in {@code --user name:password} and
	 * {@code user add name:password}.
	 */
	@Override
	public String toString() {
		List<String> shown = new ArrayList<>(List.of("etcdctl"));
		boolean aboutUsers = this.arguments.contains("user");
		for (Iterator<String> words = this.arguments.iterator(); words.hasNext();) {
			String word = words.next();
			int equals = word.indexOf('=');
			String flag = (equals < 0) ? word : word.substring(0, equals);
			if (PASSWORD_FLAGS.contains(flag)) {
				shown.add(flag + "=" + HIDDEN);
				skipValue(words, equals);
			}
			else {
				shown.add((aboutUsers || flag.equals("--user")) ? hideAfterColon(word) : word);
				if (word.equals("--user") && words.hasNext()) {
					shown.add(hideAfterColon(words.next()));
				}
			}
		}
		return String.join(" ", shown);
	}

	private static void skipValue(Iterator<String> words, int equals) {
		if (equals < 0 && words.hasNext()) {
			words.next();
		}
	}

	private static String hideAfterColon(String word) {
		int colon = word.indexOf(':');
		return (colon < 0) ? word : word.substring(0, colon + 1) + HIDDEN;
	}

}
