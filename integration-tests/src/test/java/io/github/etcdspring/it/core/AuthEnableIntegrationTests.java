/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.function.Function;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdUnsupportedException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.auth.AuthClient;
import io.github.etcdspring.auth.AuthStatus;
import io.github.etcdspring.auth.Permission;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdCredentials;
import io.github.etcdspring.cluster.MemberAddRequest;
import io.github.etcdspring.kv.PutRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Authentication that this client turns on and off, and what users may do meanwhile.
 */
@EachVersion
class AuthEnableIntegrationTests {

	private static final EtcdCredentials ROOT = new EtcdCredentials("root", "S3CR3T-root");

	private static final EtcdCredentials APP = new EtcdCredentials("app", "S3CR3T-app");

	@SuppressWarnings("NullAway.Init")
	private static EtcdCluster cluster;

	private final KeySpace keys = new KeySpace("/app" + KeySpace.unique().prefix());

	@AutoClose
	private final EtcdClient nobody = EtcdClients.connect(cluster);

	@AutoClose
	private final EtcdClient root = connect(ROOT);

	@AutoClose
	private final EtcdClient app = connect(APP);

	private final AuthClient auth = this.root.auth();

	AuthEnableIntegrationTests(String version) {
		assertThat(cluster.version()).startsWith(version + ".");
	}

	@BeforeParameterizedClassInvocation
	static void start(String version) {
		cluster = EtcdCluster.builder().serverArguments("--bcrypt-cost=4").version(version).start();
	}

	@AfterParameterizedClassInvocation
	static void close() {
		cluster.close();
	}

	private static EtcdClient connect(EtcdCredentials credentials) {
		return EtcdClients.connect(cluster.endpoints(), (options) -> options.credentials(credentials));
	}

	@BeforeEach
	void enable() {
		this.auth.addUser(ROOT.user(), ROOT.password());
		this.auth.addRole("root");
		this.auth.grantRole(ROOT.user(), "root");
		this.auth.addRole("app");
		this.auth.grantPermission("app", Permission.readWrite(KeyRange.prefix("/app/")));
		this.auth.addUser(APP.user(), APP.password());
		this.auth.grantRole(APP.user(), "app");
		this.auth.enable();
	}

	@AfterEach
	void disable() {
		this.auth.disable();
		this.auth.listUsers().users().forEach(this.auth::deleteUser);
		this.auth.listRoles().roles().forEach(this.auth::deleteRole);
	}

	private static void assertRefused(EtcdError error, Runnable call) {
		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(call::run).satisfies((ex) -> {
			assertThat(ex.error()).contains(error);
			assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		});
	}

	private void assertForbidden(Function<EtcdClient, Object> call) {
		assertThatExceptionOfType(EtcdPermissionException.class).isThrownBy(() -> call.apply(this.app))
			.satisfies((ex) -> {
				assertThat(ex.error()).contains(EtcdError.PERMISSION_DENIED);
				assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED);
			});
	}

	private void putAsApp() {
		this.app.kv().put(this.keys.name("k"), "v");
	}

	@Test
	void letsUsersInWhenTheyHaveAPasswordAlone() {
		putAsApp();

		assertThatExceptionOfType(EtcdAuthenticationException.class)
			.isThrownBy(() -> this.nobody.kv().get(this.keys.name("k")));
		assertThat(cluster.etcdctl("--user=root:" + ROOT.password(), "get", this.keys.name("k"), "--print-value-only"))
			.isEqualTo("v");
	}

	@Test
	void tellsThatAuthenticationIsOnWhenServerCan() {
		if (cluster.version().startsWith("3.4.")) {
			assertThatExceptionOfType(EtcdUnsupportedException.class).isThrownBy(this.auth::status)
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(StatusCode.UNIMPLEMENTED));
			return;
		}
		AuthStatus before = this.auth.status();

		this.auth.addRole("other");

		assertThat(before.enabled()).isTrue();
		assertThat(this.auth.status().authRevision()).isGreaterThan(before.authRevision());
		this.auth.disable();
		assertThat(this.nobody.auth().status().enabled()).isFalse();
	}

	@Test
	void refusesToTurnOnWithoutRoot() {
		this.auth.disable();
		this.auth.revokeRole(ROOT.user(), "root");
		assertRefused(EtcdError.ROOT_ROLE_NOT_EXIST, this.auth::enable);

		this.auth.deleteUser(ROOT.user());
		assertRefused(EtcdError.ROOT_USER_NOT_EXIST, this.auth::enable);
	}

	@Test
	void turnsOnAndOffTwiceAsOnce() {
		this.auth.enable();
		putAsApp();

		this.auth.disable();
		this.auth.disable();

		this.nobody.kv().put(this.keys.name("k"), "v");
	}

	@Test
	void keepsRootWhileItIsOn() {
		assertRefused(EtcdError.INVALID_AUTH_MANAGEMENT, () -> this.auth.deleteUser("root"));
		assertRefused(EtcdError.INVALID_AUTH_MANAGEMENT, () -> this.auth.revokeRole("root", "root"));
		assertRefused(EtcdError.INVALID_AUTH_MANAGEMENT, () -> this.auth.deleteRole("root"));
	}

	@Test
	void leavesAdministrationToRoot() {
		assertForbidden((client) -> client.auth().addUser("other", "S3CR3T"));
		assertForbidden((client) -> client.auth().listUsers());
		assertForbidden((client) -> client.auth().grantRole("app", "root"));
		assertForbidden((client) -> client.auth().changePassword("root", "S3CR3T"));
		assertForbidden((client) -> client.auth().getUser("root"));
		assertForbidden((client) -> client.auth().getRole("root"));
		assertForbidden((client) -> client.auth().disable());
		assertForbidden((client) -> client.cluster().add(MemberAddRequest.of("http://127.0.0.1:1").asLearner()));
	}

	@Test
	void letsUsersAskForThemselves() {
		assertThat(this.app.auth().getUser("app").roles()).containsExactly("app");
		assertThat(this.app.auth().getRole("app").permissions())
			.containsExactly(Permission.readWrite(KeyRange.prefix("/app/")));
	}

	@Test
	void goesOnWhenUsersAndRolesChange() {
		putAsApp();

		this.auth.addUser("other", "S3CR3T");
		this.auth.grantRole("other", "app");
		putAsApp();

		this.auth.revokePermission("app", KeyRange.prefix("/app/"));
		assertForbidden((client) -> client.kv().put(this.keys.name("k"), "v"));

		this.auth.grantPermission("app", Permission.readWrite(KeyRange.prefix("/app/")));
		putAsApp();
	}

	@Test
	void wantsNewPasswordWhenItWasChanged() {
		putAsApp();

		this.auth.changePassword(APP.user(), "S3CR3T-new");

		assertThatExceptionOfType(EtcdAuthenticationException.class).isThrownBy(this::putAsApp)
			.satisfies((ex) -> assertThat(ex.toString()).doesNotContain("S3CR3T"));
		try (EtcdClient renewed = connect(new EtcdCredentials(APP.user(), "S3CR3T-new"))) {
			renewed.kv().put(this.keys.name("k"), "v");
		}
	}

	@Test
	void refusesPasswordOfUserWhoHasNone() {
		this.auth.addUserWithoutPassword("machine");

		try (EtcdClient machine = connect(new EtcdCredentials("machine", "S3CR3T"))) {
			assertThatExceptionOfType(EtcdAuthenticationException.class)
				.isThrownBy(() -> machine.kv().get(this.keys.name("k")))
				.satisfies((ex) -> assertThat(ex.toString()).doesNotContain("S3CR3T"));
		}
	}

	@Test
	void keepsKeysOfLeaseFromThoseWhoMayNotAsEtcdDoes() {
		LeaseId lease = this.root.lease().grant(Duration.ofSeconds(30)).id();
		this.root.kv().put(PutRequest.of("/other/" + lease, "v").withLease(lease));

		assertThat(this.app.lease().timeToLive(lease).remaining()).isPresent();
		assertThat(this.root.lease().timeToLiveWithKeys(lease).keys()).hasSize(1);
		assertForbidden((client) -> client.lease().revoke(lease));
		assertListedUnlessForbidden(lease);
	}

	/** The last versions list leases only to those who may read the keys of all. */
	private void assertListedUnlessForbidden(LeaseId lease) {
		assertThat(this.root.lease().leases().leases()).contains(lease);
		try {
			assertThat(this.app.lease().leases().leases()).contains(lease);
		}
		catch (EtcdPermissionException ex) {
			assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		}
	}

}
