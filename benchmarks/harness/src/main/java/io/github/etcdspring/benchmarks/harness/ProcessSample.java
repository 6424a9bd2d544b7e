/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.sun.management.ThreadMXBean;

/**
 * What each thread of this process has used so far, but those of the JIT compiler, whose
 * work ends with the warm-up in a process that lives long.
 * <p>
 * By {@code /proc}, since the JVM knows the CPU time of the process to 10 ms only. What
 * threads used that have ended between two samples is missing; clients end theirs when
 * they are closed or idle for a minute.
 */
final class ProcessSample {

	private static final Path TASKS = Path.of("/proc/self/task");

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final Map<String, long[]> cpuAndSwitches = new HashMap<>();

	private final Map<Long, Long> allocated = new HashMap<>();

	private ProcessSample() {
	}

	/** Takes a sample with the thread itself last, so that what it costs is in it. */
	static ProcessSample begin() {
		ProcessSample sample = new ProcessSample();
		sample.readTasks();
		sample.readAllocated();
		sample.readTask(ownTask());
		return sample;
	}

	/**
	 * Takes a sample with the thread itself first, so that what it costs is not in it.
	 */
	static ProcessSample end() {
		ProcessSample sample = new ProcessSample();
		sample.readTask(ownTask());
		sample.readAllocated();
		sample.readTasks();
		return sample;
	}

	private void readAllocated() {
		long[] ids = THREADS.getAllThreadIds();
		long[] bytes = THREADS.getThreadAllocatedBytes(ids);
		for (int i = 0; i < ids.length; i++) {
			this.allocated.put(ids[i], Math.max(0, bytes[i]));
		}
	}

	private static Path ownTask() {
		try {
			return TASKS.resolve(Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void readTasks() {
		try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
			for (Path task : tasks) {
				readTask(task);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void readTask(Path task) {
		String id = task.getFileName().toString();
		if (this.cpuAndSwitches.containsKey(id)) {
			return;
		}
		try {
			String name = Files.readString(task.resolve("comm"));
			if (name.startsWith("C1 ") || name.startsWith("C2 ")) {
				return;
			}
			String schedule = Files.readString(task.resolve("schedstat"));
			long cpu = Long.parseLong(schedule.substring(0, schedule.indexOf(' ')));
			this.cpuAndSwitches.put(id, new long[] { cpu, switches(Files.readString(task.resolve("status"))) });
		}
		catch (NoSuchFileException ex) {
			// it has ended meanwhile
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static long switches(String status) {
		return status.lines()
			.filter((line) -> line.contains("voluntary_ctxt_switches"))
			.mapToLong((line) -> Long.parseLong(line.substring(line.indexOf(':') + 1).trim()))
			.sum();
	}

	long cpuNanosSince(ProcessSample earlier) {
		return since(earlier, 0);
	}

	long switchesSince(ProcessSample earlier) {
		return since(earlier, 1);
	}

	long allocatedSince(ProcessSample earlier) {
		return this.allocated.keySet().stream().mapToLong((id) -> allocatedSince(earlier, id)).sum();
	}

	private long allocatedSince(ProcessSample earlier, long id) {
		return this.allocated.getOrDefault(id, 0L) - earlier.allocated.getOrDefault(id, 0L);
	}

	/** Returns the Java threads that live now. */
	static Set<Long> threads() {
		return Arrays.stream(THREADS.getAllThreadIds()).boxed().collect(Collectors.toSet());
	}

	/** Returns how many Java threads there are, without those that have done nothing. */
	int threadsSince(ProcessSample earlier, Set<Long> mayIdle) {
		return this.allocated.keySet()
			.stream()
			.mapToInt((id) -> (!mayIdle.contains(id) || allocatedSince(earlier, id) > 0) ? 1 : 0)
			.sum();
	}

	private long since(ProcessSample earlier, int column) {
		long sum = 0;
		for (Map.Entry<String, long[]> task : this.cpuAndSwitches.entrySet()) {
			long[] before = earlier.cpuAndSwitches.get(task.getKey());
			sum += task.getValue()[column] - ((before != null) ? before[column] : 0);
		}
		return sum;
	}

}
