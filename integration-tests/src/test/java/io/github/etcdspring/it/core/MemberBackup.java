/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

import io.github.etcdspring.boot.test.cluster.EtcdMember;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The data of the only member of a cluster as it was at a moment.
 */
final class MemberBackup {

	private final EtcdMember member;

	private final Path backup;

	private MemberBackup(EtcdMember member, Path backup) {
		this.member = member;
		this.backup = backup;
	}

	/**
	 * {@return a copy of the data of a member, which is restarted for that}
	 * @param member the member
	 */
	static MemberBackup of(EtcdMember member) {
		Path backup = member.log().resolveSibling("backup");
		member.kill();
		try {
			copy(data(member), backup);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		member.restart();
		return new MemberBackup(member, backup);
	}

	/** Restarts the member with the data of the backup. */
	void putBack() {
		this.member.kill();
		try {
			delete(data(this.member));
			copy(this.backup, data(this.member));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.member.restart();
	}

	private static Path data(EtcdMember member) {
		return member.log().resolveSibling(member.name() + ".data");
	}

	private static void delete(Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
		}
		assertThat(folder).doesNotExist();
	}

	private static void copy(Path from, Path to) throws IOException {
		try (Stream<Path> files = Files.walk(from)) {
			for (Path file : files.toList()) {
				Files.copy(file, to.resolve(from.relativize(file)));
			}
		}
	}

}
