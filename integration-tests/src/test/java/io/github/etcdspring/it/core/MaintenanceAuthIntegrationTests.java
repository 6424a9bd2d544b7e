/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdCredentials;
import io.github.etcdspring.maintenance.MaintenanceClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The Maintenance service of a cluster with authentication.
 */
@EachVersion
class MaintenanceAuthIntegrationTests {

	@SuppressWarnings("NullAway.Init")
	private static EtcdCluster cluster;

	private final String endpoint = cluster.member(0).endpoint();

	@TempDir
	Path folder;

	MaintenanceAuthIntegrationTests(String version) {
		assertThat(cluster.version()).startsWith(version + ".");
	}

	@BeforeParameterizedClassInvocation
	static void start(String version) {
		cluster = EtcdCluster.builder().serverArguments("--bcrypt-cost=4").version(version).start();
		cluster.etcdctl("user", "add", "root:S3CR3T");
		cluster.etcdctl("user", "grant-role", "root", "root");
		cluster.etcdctl("user", "add", "app:S3CR3T");
		cluster.etcdctl("auth", "enable");
	}

	@AfterParameterizedClassInvocation
	static void close() {
		cluster.close();
	}

	@AutoClose
	private final EtcdClient root = connect("root");

	@AutoClose
	private final EtcdClient app = connect("app");

	private static EtcdClient connect(String user) {
		return EtcdClients.connect(cluster.endpoints(),
				(options) -> options.credentials(new EtcdCredentials(user, "S3CR3T")).warnings((warning) -> {
				}));
	}

	@Test
	void letsRootDoEverything() {
		MaintenanceClient maintenance = this.root.maintenance();

		maintenance.defragment(this.endpoint);
		maintenance.hashKv(this.endpoint);
		maintenance.moveLeader(maintenance.status(this.endpoint).member());
		maintenance.disarmAll();

		assertThat(maintenance.snapshot(this.endpoint).saveTo(this.folder.resolve("backup.db")).file())
			.isNotEmptyFile();
	}

	@Test
	void getsAnotherTokenWhenTheMemberHasForgottenIt() {
		try (EtcdClient another = connect("root")) {
			this.root.kv().get("k");
			another.kv().get("k");

			cluster.restart();

			assertThat(this.root.maintenance().hashKv(this.endpoint).header().revision()).isPositive();
			assertThat(another.maintenance().snapshot().saveTo(this.folder.resolve("backup.db")).file())
				.isNotEmptyFile();
		}
	}

	@Test
	void tellsStrangersToNameAUser() {
		try (EtcdClient stranger = EtcdClients.connect(cluster)) {
			assertThatExceptionOfType(EtcdAuthenticationException.class)
				.isThrownBy(() -> stranger.maintenance().hashKv(this.endpoint))
				.satisfies((failure) -> assertThat(failure.error()).contains(EtcdError.USER_EMPTY));
		}
	}

	@Test
	void tellsOthersThatTheyMayNot() {
		MaintenanceClient maintenance = this.app.maintenance();

		assertRefused(maintenance.hashKvAsync(this.endpoint));
		assertRefused(maintenance.defragmentAsync(this.endpoint));
		assertRefused(maintenance.snapshot().saveToAsync(this.folder.resolve("backup.db")));
		assertThat(this.folder).isEmptyDirectory();
	}

	private static void assertRefused(CompletableFuture<?> call) {
		assertThat(call.handle((value, failure) -> failure).join()).isInstanceOf(EtcdPermissionException.class);
	}

}
