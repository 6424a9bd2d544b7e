/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;

/**
 * What a class can do to another that a rule forbids.
 */
final class Accesses {

	private Accesses() {
	}

	/** All that tells what a status is; to make one is another matter. */
	static DescribedPredicate<JavaAccess<?>> readsOfGrpcStatus() {
		return DescribedPredicate.describe("reads a gRPC status", (access) -> {
			JavaClass owner = access.getTargetOwner();
			boolean status = is(owner, Status.class, Status.Code.class, StatusException.class,
					StatusRuntimeException.class);
			boolean makes = access.getName().startsWith("with") || access.getName().matches("[A-Z_]+");
			return status && (!makes || owner.isEquivalentTo(Status.Code.class));
		});
	}

	static DescribedPredicate<JavaAccess<?>> readsOfClock() {
		return DescribedPredicate.describe("reads a clock", (access) -> {
			JavaClass owner = access.getTargetOwner();
			boolean system = is(owner, System.class)
					&& (access.getName().equals("nanoTime") || access.getName().equals("currentTimeMillis"));
			boolean now = access.getName().equals("now") && is(owner, Instant.class, LocalDate.class,
					LocalDateTime.class, OffsetDateTime.class, ZonedDateTime.class);
			boolean source = is(owner, InstantSource.class) && access.getName().equals("system");
			return system || now || source || is(owner, Clock.class);
		});
	}

	static DescribedPredicate<JavaAccess<?>> creationsOfThreads() {
		return DescribedPredicate.describe("creates a thread", (access) -> {
			JavaClass owner = access.getTargetOwner();
			boolean constructs = access.getName().equals("<init>")
					&& Stream.of(Thread.class, ThreadPoolExecutor.class, ForkJoinPool.class, Timer.class)
						.anyMatch(owner::isAssignableTo);
			return constructs || is(owner, Executors.class);
		});
	}

	private static boolean is(JavaClass owner, Class<?>... types) {
		return Stream.of(types).anyMatch(owner::isEquivalentTo);
	}

}
