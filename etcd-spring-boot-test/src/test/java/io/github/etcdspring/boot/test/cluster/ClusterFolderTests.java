/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ClusterFolderTests {

	@Test
	void returnsWhenAllIsGoneThoughInterruptedMeanwhile() throws Exception {
		ClusterFolder folder = ClusterFolder.create();
		Files.writeString(folder.log("n1"), "log");
		ProcessHandle sweeper = sweeper(folder);
		signal("STOP", sweeper);
		AtomicBoolean goneAtReturn = new AtomicBoolean();
		AtomicBoolean markedAtReturn = new AtomicBoolean();
		Thread remover = new Thread(() -> {
			folder.remove();
			goneAtReturn.set(!Files.exists(folder.path()));
			markedAtReturn.set(Thread.currentThread().isInterrupted());
		});
		remover.start();
		await().until(() -> remover.getState() == Thread.State.TIMED_WAITING);

		remover.interrupt();
		await().until(() -> !remover.isInterrupted() || !remover.isAlive());
		signal("CONT", sweeper);
		remover.join();

		assertThat(goneAtReturn).isTrue();
		assertThat(markedAtReturn).isTrue();
	}

	@Test
	void saysOnceWhatCannotBeRemoved() throws IOException {
		ClusterFolder folder = ClusterFolder.create();
		await().until(() -> sweepers(folder).count() == 2);
		sweepers(folder).forEach(ProcessHandle::destroyForcibly);
		await().until(() -> sweepers(folder).findAny().isEmpty());

		assertThat(errorsOf(folder::remove))
			.isEqualTo("cannot remove the folder of a cluster: " + folder.path() + "\n");
		assertThat(errorsOf(folder::remove)).isEmpty();
		Files.delete(folder.path());
	}

	/** A process is there a moment before its command line is. */
	private static ProcessHandle sweeper(ClusterFolder folder) {
		return await()
			.until(() -> sweepers(folder)
				.filter((sweeper) -> sweeper.parent().filter(ProcessHandle.current()::equals).isPresent())
				.findFirst(), Optional::isPresent)
			.orElseThrow();
	}

	/** The child of this JVM, and its own child, which sweeps. */
	private static Stream<ProcessHandle> sweepers(ClusterFolder folder) {
		return ProcessHandle.allProcesses()
			.filter((process) -> process.info().commandLine().orElse("").contains(folder.path().toString()));
	}

	private static void signal(String signal, ProcessHandle process) throws IOException {
		CompletableFuture<Process> kill = new ProcessBuilder("bash", "-c", "kill -s \"$0\" \"$1\"", signal,
				Long.toString(process.pid()))
			.start()
			.onExit();
		assertThat(kill.join().exitValue()).isZero();
	}

	private static String errorsOf(Runnable action) {
		ByteArrayOutputStream printed = new ByteArrayOutputStream();
		PrintStream standardError = System.err;
		System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
		try {
			action.run();
		}
		finally {
			System.setErr(standardError);
		}
		return printed.toString(StandardCharsets.UTF_8);
	}

}
