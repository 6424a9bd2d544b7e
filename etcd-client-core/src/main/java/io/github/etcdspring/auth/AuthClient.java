/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.auth;

import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;

/**
 * etcd's Auth service: users, their roles, and what these may do. Logging in is not part
 * of it: a client made with credentials does so by itself. Every operation is a pair,
 * with the rules of {@link io.github.etcdspring.kv.KvClient}. Thread-safe.
 * <p>
 * Changes are never repeated once they may have been applied; then the exception's
 * outcome is {@link io.github.etcdspring.Outcome#UNKNOWN}. With authentication on, all
 * calls need the role {@code root}, but that users may ask for themselves and for the
 * roles they have. A change makes tokens stale, of others too; clients notice and log in
 * again. Permissions name keys as they are, also where a view has a namespace. Passwords
 * show nowhere: not in logs, not in exceptions.
 */
public interface AuthClient {

	/**
	 * Turns authentication on. From then on every call needs a user; this client goes on
	 * if it was made with credentials. Needs a user {@code root} that has the role
	 * {@code root}.
	 * @return the header of the answer
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such user, or it
	 * has no such role
	 */
	AuthResult enable();

	/**
	 * Turns authentication on: the asynchronous form of {@link #enable()}.
	 * @return the future result
	 */
	CompletableFuture<AuthResult> enableAsync();

	/**
	 * Turns authentication off, if it is on. Users and roles stay.
	 * @return the header of the answer
	 * @throws EtcdException if the call failed
	 */
	AuthResult disable();

	/**
	 * Turns authentication off: the asynchronous form of {@link #disable()}.
	 * @return the future result
	 */
	CompletableFuture<AuthResult> disableAsync();

	/**
	 * Asks whether authentication is on. Since etcd 3.5.
	 * @return whether it is on
	 * @throws io.github.etcdspring.EtcdUnsupportedException if the server is older
	 * @throws EtcdException if the call failed
	 */
	AuthStatus status();

	/**
	 * Asks whether authentication is on: the asynchronous form of {@link #status()}.
	 * @return the future result
	 */
	CompletableFuture<AuthStatus> statusAsync();

	/**
	 * Adds a user with a password.
	 * @param user the user
	 * @param password the password, not empty
	 * @return the header of the answer
	 * @throws IllegalArgumentException if one of them is empty
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is a user of the name
	 */
	AuthResult addUser(String user, String password);

	/**
	 * Adds a user with a password: the asynchronous form of
	 * {@link #addUser(String, String)}.
	 * @param user the user
	 * @param password the password
	 * @return the future result
	 */
	CompletableFuture<AuthResult> addUserAsync(String user, String password);

	/**
	 * Adds a user who can not log in with a password: one known by the common name of a
	 * TLS certificate.
	 * @param user the user
	 * @return the header of the answer
	 * @throws IllegalArgumentException if the name is empty
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is a user of the name
	 */
	AuthResult addUserWithoutPassword(String user);

	/**
	 * Adds a user without a password: the asynchronous form of
	 * {@link #addUserWithoutPassword(String)}.
	 * @param user the user
	 * @return the future result
	 */
	CompletableFuture<AuthResult> addUserWithoutPasswordAsync(String user);

	/**
	 * Asks for the roles of a user.
	 * @param user the user
	 * @return the roles
	 * @throws IllegalArgumentException if the name is empty
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such user
	 */
	UserResult getUser(String user);

	/**
	 * Asks for the roles of a user: the asynchronous form of {@link #getUser(String)}.
	 * @param user the user
	 * @return the future result
	 */
	CompletableFuture<UserResult> getUserAsync(String user);

	/**
	 * Lists the users.
	 * @return the users
	 * @throws EtcdException if the call failed
	 */
	UsersResult listUsers();

	/**
	 * Lists the users: the asynchronous form of {@link #listUsers()}.
	 * @return the future result
	 */
	CompletableFuture<UsersResult> listUsersAsync();

	/**
	 * Deletes a user.
	 * @param user the user
	 * @return the header of the answer
	 * @throws IllegalArgumentException if the name is empty
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such user; while
	 * authentication is on, also for {@code root}
	 */
	AuthResult deleteUser(String user);

	/**
	 * Deletes a user: the asynchronous form of {@link #deleteUser(String)}.
	 * @param user the user
	 * @return the future result
	 */
	CompletableFuture<AuthResult> deleteUserAsync(String user);

	/**
	 * Gives a user another password. A client that speaks as the user goes on until its
	 * token ends, and then fails until it has the new one.
	 * @param user the user
	 * @param password the password, not empty
	 * @return the header of the answer
	 * @throws IllegalArgumentException if one of them is empty
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such user
	 */
	AuthResult changePassword(String user, String password);

	/**
	 * Gives a user another password: the asynchronous form of
	 * {@link #changePassword(String, String)}.
	 * @param user the user
	 * @param password the password
	 * @return the future result
	 */
	CompletableFuture<AuthResult> changePasswordAsync(String user, String password);

	/**
	 * Gives a user a role. One that the user has stays.
	 * @param user the user
	 * @param role the role
	 * @return the header of the answer
	 * @throws IllegalArgumentException if one of them is empty
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such user or role
	 */
	AuthResult grantRole(String user, String role);

	/**
	 * Gives a user a role: the asynchronous form of {@link #grantRole(String, String)}.
	 * @param user the user
	 * @param role the role
	 * @return the future result
	 */
	CompletableFuture<AuthResult> grantRoleAsync(String user, String role);

	/**
	 * Takes a role from a user.
	 * @param user the user
	 * @param role the role
	 * @return the header of the answer
	 * @throws IllegalArgumentException if one of them is empty
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such user, or it
	 * has no such role
	 */
	AuthResult revokeRole(String user, String role);

	/**
	 * Takes a role from a user: the asynchronous form of
	 * {@link #revokeRole(String, String)}.
	 * @param user the user
	 * @param role the role
	 * @return the future result
	 */
	CompletableFuture<AuthResult> revokeRoleAsync(String user, String role);

	/**
	 * Adds a role that may do nothing yet.
	 * @param role the role
	 * @return the header of the answer
	 * @throws IllegalArgumentException if the name is empty
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is a role of the name
	 */
	AuthResult addRole(String role);

	/**
	 * Adds a role: the asynchronous form of {@link #addRole(String)}.
	 * @param role the role
	 * @return the future result
	 */
	CompletableFuture<AuthResult> addRoleAsync(String role);

	/**
	 * Asks what a role may do. Of {@code root}, which may do everything, etcd says
	 * nothing.
	 * @param role the role
	 * @return its permissions, in the order of their keys
	 * @throws IllegalArgumentException if the name is empty
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such role
	 */
	RoleResult getRole(String role);

	/**
	 * Asks what a role may do: the asynchronous form of {@link #getRole(String)}.
	 * @param role the role
	 * @return the future result
	 */
	CompletableFuture<RoleResult> getRoleAsync(String role);

	/**
	 * Lists the roles.
	 * @return the roles
	 * @throws EtcdException if the call failed
	 */
	RolesResult listRoles();

	/**
	 * Lists the roles: the asynchronous form of {@link #listRoles()}.
	 * @return the future result
	 */
	CompletableFuture<RolesResult> listRolesAsync();

	/**
	 * Deletes a role, and takes it from all users.
	 * @param role the role
	 * @return the header of the answer
	 * @throws IllegalArgumentException if the name is empty
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such role; while
	 * authentication is on, also for {@code root}
	 */
	AuthResult deleteRole(String role);

	/**
	 * Deletes a role: the asynchronous form of {@link #deleteRole(String)}.
	 * @param role the role
	 * @return the future result
	 */
	CompletableFuture<AuthResult> deleteRoleAsync(String role);

	/**
	 * Lets a role do something. Replaces what was granted for exactly the same range.
	 * @param role the role
	 * @param permission what it may do from now on
	 * @return the header of the answer
	 * @throws IllegalArgumentException if the name is empty
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such role
	 */
	AuthResult grantPermission(String role, Permission permission);

	/**
	 * Lets a role do something: the asynchronous form of
	 * {@link #grantPermission(String, Permission)}.
	 * @param role the role
	 * @param permission what it may do from now on
	 * @return the future result
	 */
	CompletableFuture<AuthResult> grantPermissionAsync(String role, Permission permission);

	/**
	 * Takes from a role what was granted for a range.
	 * @param role the role
	 * @param range exactly the keys that were granted
	 * @return the header of the answer
	 * @throws IllegalArgumentException if the name is empty
	 * @throws EtcdException if the call failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such role, or
	 * nothing was granted for exactly this range
	 */
	AuthResult revokePermission(String role, KeyRange range);

	/**
	 * Takes a permission from a role: the asynchronous form of
	 * {@link #revokePermission(String, KeyRange)}.
	 * @param role the role
	 * @param range exactly the keys that were granted
	 * @return the future result
	 */
	CompletableFuture<AuthResult> revokePermissionAsync(String role, KeyRange range);

}
