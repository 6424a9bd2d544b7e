/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file beside another, whose place it takes when it is whole. Readable by its owner
 * alone where the file system knows owners. Not thread-safe.
 */
final class PendingFile {

	private static final Logger logger = LoggerFactory.getLogger(PendingFile.class);

	private final Path target;

	private final Path pending;

	private final FileChannel channel;

	private PendingFile(Path target, Path pending, FileChannel channel) {
		this.target = target;
		this.pending = pending;
		this.channel = channel;
	}

	/**
	 * Creates an empty file in the folder of another.
	 * @param target the other, which may exist; absolute
	 * @throws IOException if there can be no file there
	 */
	static PendingFile create(Path target) throws IOException {
		Path folder = target.getParent();
		if (folder == null || Files.isDirectory(target)) {
			throw new FileSystemException(target.toString(), null, "it is a folder");
		}
		Path pending = Files.createTempFile(folder, "." + target.getFileName() + ".", ".part", ownerOnly(folder));
		try {
			return new PendingFile(target, pending, FileChannel.open(pending, StandardOpenOption.WRITE));
		}
		catch (IOException ex) {
			delete(pending);
			throw ex;
		}
	}

	private static FileAttribute<?>[] ownerOnly(Path folder) {
		boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
		return posix
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) }
				: new FileAttribute<?>[0];
	}

	void write(ByteBuffer bytes) throws IOException {
		while (bytes.hasRemaining()) {
			this.channel.write(bytes);
		}
	}

	/**
	 * Takes the other's place, once everything is on the disk.
	 * @throws IOException if it could not; the other is as it was
	 */
	void replaceTarget() throws IOException {
		this.channel.force(true);
		this.channel.close();
		Files.move(this.pending, this.target, StandardCopyOption.ATOMIC_MOVE);
		forceFolder();
	}

	/** Some systems have no folders that can be opened; the files are safe there too. */
	private void forceFolder() {
		Path folder = this.target.getParent();
		if (folder == null) {
			return;
		}
		try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
			channel.force(true);
		}
		catch (IOException ex) {
			logger.debug("{}: the folder cannot be forced to the disk", folder, ex);
		}
	}

	/** Deletes this file, unless it has taken the other's place. */
	void discard() {
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			logger.debug("{}: cannot be closed", this.pending, ex);
		}
		delete(this.pending);
	}

	private static void delete(Path file) {
		try {
			Files.deleteIfExists(file);
		}
		catch (IOException ex) {
			logger.warn("{}: cannot be deleted, and is of no use", file, ex);
		}
	}

}
