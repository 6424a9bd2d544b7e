/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdUnsupportedException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.auth.AuthClient;
import io.github.etcdspring.auth.AuthStatus;
import io.github.etcdspring.auth.Permission;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Users, roles and permissions, whether or not authentication is on, also as etcdctl has
 * them.
 */
@Contract
class AuthClientContractIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private final ContractServer server;

	private final String user = "user-" + UUID.randomUUID();

	private final String role = "role-" + UUID.randomUUID();

	@AutoClose
	private final EtcdClient client;

	private final AuthClient auth;

	AuthClientContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
		this.auth = this.client.auth();
	}

	@AfterEach
	void deleteUserAndRole() {
		if (this.auth.listUsers().users().contains(this.user)) {
			this.auth.deleteUser(this.user);
		}
		if (this.auth.listRoles().roles().contains(this.role)) {
			this.auth.deleteRole(this.role);
		}
	}

	private void assertRefused(EtcdError error, Function<AuthClient, Object> call) {
		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(() -> call.apply(this.auth))
			.satisfies((ex) -> {
				assertThat(ex.error()).contains(error);
				assertThat(ex.code()).isEqualTo(error.code());
				assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED);
				assertThat(ex.isRetryable()).isFalse();
				assertThat(ex.toString()).doesNotContain("S3CR3T");
			});
	}

	@Test
	void addsUserThatEtcdctlSees() {
		assertThat(this.auth.addUser(this.user, "S3CR3T").header().clusterId()).isNotZero();

		assertThat(this.server.etcdctl("user", "list").lines()).contains(this.user);
		assertThat(this.auth.listUsers().users()).contains(this.user);
		assertThat(this.auth.getUser(this.user).roles()).isEmpty();
		assertRefused(EtcdError.USER_ALREADY_EXISTS, (auth) -> auth.addUser(this.user, "S3CR3T"));
	}

	@Test
	void addsUserWithoutPassword() {
		this.auth.addUserWithoutPassword(this.user);

		assertThat(this.auth.listUsers().users()).contains(this.user);
	}

	@Test
	void deletesUserThatEtcdctlAdded() {
		this.server.etcdctl("user", "add", this.user + ":S3CR3T");
		assertThat(this.auth.listUsers().users()).contains(this.user);

		this.auth.deleteUser(this.user);

		assertThat(this.server.etcdctl("user", "list").lines()).doesNotContain(this.user);
	}

	@Test
	void refusesUserThatDoesNotExist() {
		this.auth.addRole(this.role);

		assertRefused(EtcdError.USER_NOT_FOUND, (auth) -> auth.getUser(this.user));
		assertRefused(EtcdError.USER_NOT_FOUND, (auth) -> auth.deleteUser(this.user));
		assertRefused(EtcdError.USER_NOT_FOUND, (auth) -> auth.changePassword(this.user, "S3CR3T"));
		assertRefused(EtcdError.USER_NOT_FOUND, (auth) -> auth.grantRole(this.user, this.role));
		assertRefused(EtcdError.USER_NOT_FOUND, (auth) -> auth.revokeRole(this.user, this.role));
	}

	@Test
	void grantsRoleThatEtcdctlSeesAndTakesItBack() {
		this.auth.addUser(this.user, "S3CR3T");
		this.auth.addRole(this.role);

		this.auth.grantRole(this.user, this.role);
		this.auth.grantRole(this.user, this.role);

		assertThat(this.auth.getUser(this.user).roles()).containsExactly(this.role);
		assertThat(this.server.etcdctl("user", "get", this.user)).contains("Roles: " + this.role);
		this.auth.revokeRole(this.user, this.role);
		assertThat(this.auth.getUser(this.user).roles()).isEmpty();
		assertRefused(EtcdError.ROLE_NOT_GRANTED, (auth) -> auth.revokeRole(this.user, this.role));
	}

	@Test
	void seesRoleThatEtcdctlGranted() {
		this.server.etcdctl("user", "add", this.user + ":S3CR3T");
		this.server.etcdctl("role", "add", this.role);
		this.server.etcdctl("user", "grant-role", this.user, this.role);

		assertThat(this.auth.getUser(this.user).roles()).containsExactly(this.role);
		assertThat(this.auth.listRoles().roles()).contains(this.role);
	}

	@Test
	void takesRoleFromItsUsersWhenItIsDeleted() {
		this.auth.addUser(this.user, "S3CR3T");
		this.auth.addRole(this.role);
		this.auth.grantRole(this.user, this.role);

		this.auth.deleteRole(this.role);

		assertThat(this.auth.getUser(this.user).roles()).isEmpty();
		assertThat(this.server.etcdctl("role", "list").lines()).doesNotContain(this.role);
	}

	@Test
	void refusesRoleThatDoesNotExist() {
		this.auth.addUser(this.user, "S3CR3T");

		assertRefused(EtcdError.ROLE_NOT_FOUND, (auth) -> auth.getRole(this.role));
		assertRefused(EtcdError.ROLE_NOT_FOUND, (auth) -> auth.deleteRole(this.role));
		assertRefused(EtcdError.ROLE_NOT_FOUND, (auth) -> auth.grantRole(this.user, this.role));
		assertRefused(EtcdError.ROLE_NOT_FOUND,
				(auth) -> auth.grantPermission(this.role, Permission.read(KeyRange.all())));
		assertRefused(EtcdError.ROLE_NOT_FOUND, (auth) -> auth.revokePermission(this.role, KeyRange.all()));
	}

	@Test
	void refusesRoleThatExists() {
		this.auth.addRole(this.role);

		assertRefused(EtcdError.ROLE_ALREADY_EXISTS, (auth) -> auth.addRole(this.role));
	}

	@Test
	void grantsPermissionsThatEtcdctlSees() {
		this.auth.addRole(this.role);

		this.auth.grantPermission(this.role, Permission.read(KeyRange.key("/key")));
		this.auth.grantPermission(this.role, Permission.write(KeyRange.prefix("/prefix/")));
		this.auth.grantPermission(this.role, Permission.readWrite(KeyRange.from(ByteSequence.of("z"))));
		this.auth.grantPermission(this.role,
				Permission.read(KeyRange.between(ByteSequence.of("b"), ByteSequence.of("f"))));

		assertThat(this.auth.getRole(this.role).permissions()).containsExactlyInAnyOrder(
				Permission.read(KeyRange.key("/key")), Permission.write(KeyRange.prefix("/prefix/")),
				Permission.readWrite(KeyRange.from(ByteSequence.of("z"))),
				Permission.read(KeyRange.between(ByteSequence.of("b"), ByteSequence.of("f"))));
		assertThat(this.server.etcdctl("role", "get", this.role)).containsSubsequence("KV Read:", "/key", "[b, f)",
				"[z, <open ended>", "KV Write:", "[/prefix/, /prefix0) (prefix /prefix/)", "[z, <open ended>");
	}

	@Test
	void seesPermissionsThatEtcdctlGranted() {
		this.server.etcdctl("role", "add", this.role);
		this.server.etcdctl("role", "grant-permission", this.role, "read", "/key");
		this.server.etcdctl("role", "grant-permission", this.role, "--prefix", "write", "/prefix/");
		this.server.etcdctl("role", "grant-permission", this.role, "--from-key", "readwrite", "z");
		this.server.etcdctl("role", "grant-permission", this.role, "read", "b", "f");

		List<Permission> permissions = this.auth.getRole(this.role).permissions();

		assertThat(permissions).containsExactlyInAnyOrder(Permission.read(KeyRange.key("/key")),
				Permission.write(KeyRange.prefix("/prefix/")),
				Permission.readWrite(KeyRange.from(ByteSequence.of("z"))),
				Permission.read(KeyRange.between(ByteSequence.of("b"), ByteSequence.of("f"))));
		permissions.forEach((permission) -> this.auth.revokePermission(this.role, permission.range()));
		assertThat(this.auth.getRole(this.role).permissions()).isEmpty();
	}

	@Test
	void grantsAllKeys() {
		this.auth.addRole(this.role);

		this.auth.grantPermission(this.role, Permission.readWrite(KeyRange.all()));

		assertThat(this.auth.getRole(this.role).permissions()).containsExactly(Permission.readWrite(KeyRange.all()));
		this.auth.revokePermission(this.role, KeyRange.all());
		assertThat(this.auth.getRole(this.role).permissions()).isEmpty();
	}

	@Test
	void replacesPermissionOfSameRange() {
		this.auth.addRole(this.role);

		this.auth.grantPermission(this.role, Permission.read(KeyRange.prefix("/a/")));
		this.auth.grantPermission(this.role, Permission.write(KeyRange.prefix("/a/")));

		assertThat(this.auth.getRole(this.role).permissions())
			.containsExactly(Permission.write(KeyRange.prefix("/a/")));
	}

	@Test
	void refusesToRevokeOtherRangeThanWasGranted() {
		this.auth.addRole(this.role);
		this.auth.grantPermission(this.role, Permission.read(KeyRange.prefix("/a/")));

		assertRefused(EtcdError.PERMISSION_NOT_GRANTED,
				(auth) -> auth.revokePermission(this.role, KeyRange.key("/a/")));
		assertRefused(EtcdError.PERMISSION_NOT_GRANTED,
				(auth) -> auth.revokePermission(this.role, KeyRange.prefix("/a/b")));
	}

	@Test
	void tellsWhetherAuthenticationIsOnWhereTheServerCan() {
		if (this.server.kind().minorVersion() < 5) {
			assertThatExceptionOfType(EtcdUnsupportedException.class).isThrownBy(this.auth::status);
			assertThat(this.auth.statusAsync()).failsWithin(SOON)
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(EtcdUnsupportedException.class);
			return;
		}
		AuthStatus before = this.auth.status();
		assertThat(before.enabled()).isEqualTo(this.server.kind().auth());

		this.auth.addRole(this.role);

		assertThat(this.auth.statusAsync()).succeedsWithin(SOON)
			.satisfies((status) -> assertThat(status.authRevision()).isGreaterThan(before.authRevision()));
	}

	@Test
	void answersAsynchronouslyWhenAsked() {
		Permission permission = Permission.read(KeyRange.all());
		assertThat(this.auth.addUserAsync(this.user, "S3CR3T")
			.thenCompose((added) -> this.auth.changePasswordAsync(this.user, "S3CR3T-2"))
			.thenCompose((changed) -> this.auth.addRoleAsync(this.role))
			.thenCompose((added) -> this.auth.grantPermissionAsync(this.role, permission))
			.thenCompose((granted) -> this.auth.grantRoleAsync(this.user, this.role))
			.thenCompose((granted) -> this.auth.getUserAsync(this.user))).succeedsWithin(SOON)
			.satisfies((found) -> assertThat(found.roles()).containsExactly(this.role));
		assertThat(this.auth.getRoleAsync(this.role)
			.thenCombine(this.auth.listUsersAsync(), (found, users) -> users.users().contains(this.user))
			.thenCombine(this.auth.listRolesAsync(), (found, roles) -> found && roles.roles().contains(this.role)))
			.succeedsWithin(SOON)
			.isEqualTo(true);
		assertThat(this.auth.revokePermissionAsync(this.role, permission.range())
			.thenCompose((revoked) -> this.auth.revokeRoleAsync(this.user, this.role))
			.thenCompose((revoked) -> this.auth.deleteRoleAsync(this.role))
			.thenCompose((deleted) -> this.auth.deleteUserAsync(this.user))
			.thenCompose((deleted) -> this.auth.addUserWithoutPasswordAsync(this.user))).succeedsWithin(SOON);
	}

}
