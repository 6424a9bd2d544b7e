/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.boot.JobOfAnotherPackage;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cloud.context.config.annotation.RefreshScope;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.PriorityOrdered;
import org.springframework.stereotype.Component;

/**
 * Beans with guarded methods, good ones and such that can not be guarded.
 */
final class GuardedBeans {

	private GuardedBeans() {
	}

	static class Unguarded {

		void run() {
		}

	}

	static class Good {

		@Leader("void")
		public void run() {
		}

		@Leader("reference")
		public @Nullable Object runWithResult() {
			return null;
		}

		@Leader("future")
		public CompletableFuture<String> runLater() {
			return CompletableFuture.completedFuture("x");
		}

		@Leader("package")
		void runPackagePrivate() {
		}

		@Leader("${reports.role}")
		void runWithPlaceholder() {
		}

		@Leader("/cross")
		void runAcrossApplications() {
		}

		@Leader
		void unnamed() {
		}

	}

	@Leader
	static class GoodClass {

		public void run() {
		}

		@Override
		public String toString() {
			return "a class with a text of its own";
		}

		@Override
		public int hashCode() {
			return 1;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other == this;
		}

	}

	@Leader("package-class")
	static class PackagePrivateMethodsOfClass extends PackagePrivateBase {

		@SuppressWarnings("UnusedMethod")
		private boolean helper() {
			return true;
		}

	}

	static class PackagePrivateBase {

		void inherited() {
		}

	}

	@Configuration
	static class Configured {

		@Bean
		Object beanThatNeedsGeneratedClass() {
			return new Object();
		}

		@Leader
		void job() {
		}

	}

	static class Inheriting extends JobOfAnotherPackage {

	}

	@Leader
	static class FinalPackagePrivateMethodOfClass {

		final void run() {
		}

	}

	@Component
	@RefreshScope
	static class Refreshed {

		@Leader("refreshed")
		@Nullable String run() {
			return "run";
		}

	}

	static class PrivateMethod {

		@Leader
		@SuppressWarnings("UnusedMethod")
		private void run() {
		}

	}

	static class StaticMethod {

		@Leader
		static void run() {
		}

	}

	static class FinalMethod {

		@Leader
		final void run() {
		}

	}

	@Leader
	static class FinalMethodOfClass {

		public final void run() {
		}

	}

	static class PrimitiveReturn {

		@Leader
		boolean run() {
			return true;
		}

	}

	static class DeferredReturn {

		@Leader
		Deferred run() {
			return new Deferred();
		}

	}

	static class Deferred {

	}

	static class BlankRole {

		@Leader(" ")
		void run() {
		}

	}

	static class OnlySlash {

		@Leader("/")
		void run() {
		}

	}

	static class TwoSlashes {

		@Leader("a//b")
		void run() {
		}

	}

	static class LongRole {

		static final String TEN = "rrrrrrrrrr";

		static final String FIFTY = TEN + TEN + TEN + TEN + TEN;

		@Leader(FIFTY + FIFTY + FIFTY + FIFTY + "r")
		void run() {
		}

	}

	static class UnknownPlaceholder {

		@Leader("${no.such.role}")
		void run() {
		}

	}

	static final class FinalClass {

		@Leader
		void run() {
		}

	}

	/** Made before the one that makes proxies. */
	static class EarlyPostProcessor implements BeanPostProcessor, PriorityOrdered {

		@Override
		public int getOrder() {
			return 0;
		}

		@Leader
		void run() {
		}

	}

}
