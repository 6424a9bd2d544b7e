/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.Objects;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the health endpoint says of etcd.
 */
class HealthIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	@Test
	void isUpWithRevision(EtcdCluster cluster) {
		try (App app = App.of(cluster, "up").start()) {
			awaitUp(app);

			assertThat((Long) health(app).getDetails().get("revision")).isPositive();
		}
	}

	@Test
	void staysUpWhenOneMemberDies(EtcdCluster cluster) {
		try (App app = App.of(cluster, "minority").start()) {
			awaitUp(app);
			cluster.leader().kill();

			Moments.within(Duration.ofSeconds(5)).until(() -> health(app).getStatus().equals(Status.UP));
		}
	}

	@Test
	void s19IsDownWithinASecondWhenAllMembersArePaused(EtcdCluster cluster) {
		try (App app = App.of(cluster, "down").start()) {
			awaitUp(app);
			cluster.pause();

			Duration took = Moments.timed(() -> assertThat(health(app).getStatus()).isEqualTo(Status.DOWN));

			assertThat(took).isLessThan(Duration.ofMillis(1500));
			cluster.resume();
			Moments.within(Duration.ofSeconds(5)).until(() -> health(app).getStatus().equals(Status.UP));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "liveness", "readiness" })
	void s19IsNoMemberOfTheGroupsThatRestartOrCutOffApplications(String group, EtcdCluster cluster) {
		try (App app = App.of(cluster, "groups")
			.web()
			.set("management.endpoint.health.probes.enabled", "true")
			.start()) {
			assertThat(Objects.requireNonNull(app.bean(HealthEndpointGroups.class).get(group)).isMember("etcd"))
				.isFalse();
			cluster.pause();

			assertThat(part(app, group)).isEqualTo(Status.UP);
		}
	}

	@Test
	void isPartOfTheWhole(EtcdCluster cluster) {
		try (App app = App.of(cluster, "whole").web().start()) {
			assertThat(app.bean(HealthEndpointGroups.class).getPrimary().isMember("etcd")).isTrue();
			Moments.soon().until(() -> part(app, "etcd").equals(Status.UP));
		}
	}

	/** The first look may take longer than it may. */
	private static void awaitUp(App app) {
		Moments.soon().until(() -> health(app).getStatus().equals(Status.UP));
	}

	private static Status part(App app, String path) {
		return Objects.requireNonNull(app.bean(HealthEndpoint.class).healthForPath(path)).getStatus();
	}

	private static Health health(App app) {
		return Objects.requireNonNull(app.context().getBean("etcdHealthIndicator", HealthIndicator.class).health(true));
	}

}
