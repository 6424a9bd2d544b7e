/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.auth.AuthClient;
import io.github.etcdspring.auth.AuthResult;
import io.github.etcdspring.auth.AuthStatus;
import io.github.etcdspring.auth.Permission;
import io.github.etcdspring.auth.RoleResult;
import io.github.etcdspring.auth.RolesResult;
import io.github.etcdspring.auth.UserResult;
import io.github.etcdspring.auth.UsersResult;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.proto.AuthGrpc;
import io.github.etcdspring.internal.proto.AuthProto;
import io.github.etcdspring.internal.proto.HeaderProto;

/**
 * The Auth service over the client's connection.
 */
final class GrpcAuthClient implements AuthClient {

	private final Calls calls;

	GrpcAuthClient(Calls calls) {
		this.calls = calls;
	}

	@Override
	public AuthResult enable() {
		return BlockingCall.await(callEnable());
	}

	@Override
	public CompletableFuture<AuthResult> enableAsync() {
		return this.calls.handOff(callEnable());
	}

	private CompletableFuture<AuthResult> callEnable() {
		return this.calls.unary(AuthGrpc.getAuthEnableMethod(), AuthProto.AuthEnableRequest.getDefaultInstance(),
				RetryPolicy.NON_REPEATABLE, (answer, sentAtNanos) -> result(answer.getHeader()));
	}

	@Override
	public AuthResult disable() {
		return BlockingCall.await(callDisable());
	}

	@Override
	public CompletableFuture<AuthResult> disableAsync() {
		return this.calls.handOff(callDisable());
	}

	private CompletableFuture<AuthResult> callDisable() {
		return this.calls.unary(AuthGrpc.getAuthDisableMethod(), AuthProto.AuthDisableRequest.getDefaultInstance(),
				RetryPolicy.NON_REPEATABLE, (answer, sentAtNanos) -> result(answer.getHeader()));
	}

	@Override
	public AuthStatus status() {
		return BlockingCall.await(callStatus());
	}

	@Override
	public CompletableFuture<AuthStatus> statusAsync() {
		return this.calls.handOff(callStatus());
	}

	private CompletableFuture<AuthStatus> callStatus() {
		return this.calls.unary(AuthGrpc.getAuthStatusMethod(), AuthProto.AuthStatusRequest.getDefaultInstance(),
				RetryPolicy.NON_REPEATABLE, (answer, sentAtNanos) -> new AuthStatus(KvCodec.header(answer.getHeader()),
						answer.getEnabled(), answer.getAuthRevision()));
	}

	@Override
	public AuthResult addUser(String user, String password) {
		return BlockingCall.await(callAddUser(user, password));
	}

	@Override
	public CompletableFuture<AuthResult> addUserAsync(String user, String password) {
		return this.calls.handOff(callAddUser(user, password));
	}

	private CompletableFuture<AuthResult> callAddUser(String user, String password) {
		return this.calls.unary(AuthGrpc.getUserAddMethod(), AuthCodec.addUser(user, password),
				RetryPolicy.NON_REPEATABLE, (answer, sentAtNanos) -> result(answer.getHeader()));
	}

	@Override
	public AuthResult addUserWithoutPassword(String user) {
		return BlockingCall.await(callAddUserWithoutPassword(user));
	}

	@Override
	public CompletableFuture<AuthResult> addUserWithoutPasswordAsync(String user) {
		return this.calls.handOff(callAddUserWithoutPassword(user));
	}

	private CompletableFuture<AuthResult> callAddUserWithoutPassword(String user) {
		return this.calls.unary(AuthGrpc.getUserAddMethod(), AuthCodec.addUserWithoutPassword(user),
				RetryPolicy.NON_REPEATABLE, (answer, sentAtNanos) -> result(answer.getHeader()));
	}

	@Override
	public UserResult getUser(String user) {
		return BlockingCall.await(callGetUser(user));
	}

	@Override
	public CompletableFuture<UserResult> getUserAsync(String user) {
		return this.calls.handOff(callGetUser(user));
	}

	private CompletableFuture<UserResult> callGetUser(String user) {
		return this.calls.unary(AuthGrpc.getUserGetMethod(), AuthCodec.getUser(user), RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> new UserResult(KvCodec.header(answer.getHeader()), answer.getRolesList()));
	}

	@Override
	public UsersResult listUsers() {
		return BlockingCall.await(callListUsers());
	}

	@Override
	public CompletableFuture<UsersResult> listUsersAsync() {
		return this.calls.handOff(callListUsers());
	}

	private CompletableFuture<UsersResult> callListUsers() {
		return this.calls.unary(AuthGrpc.getUserListMethod(), AuthProto.AuthUserListRequest.getDefaultInstance(),
				RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> new UsersResult(KvCodec.header(answer.getHeader()), answer.getUsersList()));
	}

	@Override
	public AuthResult deleteUser(String user) {
		return BlockingCall.await(callDeleteUser(user));
	}

	@Override
	public CompletableFuture<AuthResult> deleteUserAsync(String user) {
		return this.calls.handOff(callDeleteUser(user));
	}

	private CompletableFuture<AuthResult> callDeleteUser(String user) {
		return this.calls.unary(AuthGrpc.getUserDeleteMethod(), AuthCodec.deleteUser(user), RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> result(answer.getHeader()));
	}

	@Override
	public AuthResult changePassword(String user, String password) {
		return BlockingCall.await(callChangePassword(user, password));
	}

	@Override
	public CompletableFuture<AuthResult> changePasswordAsync(String user, String password) {
		return this.calls.handOff(callChangePassword(user, password));
	}

	private CompletableFuture<AuthResult> callChangePassword(String user, String password) {
		return this.calls.unary(AuthGrpc.getUserChangePasswordMethod(), AuthCodec.changePassword(user, password),
				RetryPolicy.NON_REPEATABLE, (answer, sentAtNanos) -> result(answer.getHeader()));
	}

	@Override
	public AuthResult grantRole(String user, String role) {
		return BlockingCall.await(callGrantRole(user, role));
	}

	@Override
	public CompletableFuture<AuthResult> grantRoleAsync(String user, String role) {
		return this.calls.handOff(callGrantRole(user, role));
	}

	private CompletableFuture<AuthResult> callGrantRole(String user, String role) {
		return this.calls.unary(AuthGrpc.getUserGrantRoleMethod(), AuthCodec.grantRole(user, role),
				RetryPolicy.NON_REPEATABLE, (answer, sentAtNanos) -> result(answer.getHeader()));
	}

	@Override
	public AuthResult revokeRole(String user, String role) {
		return BlockingCall.await(callRevokeRole(user, role));
	}

	@Override
	public CompletableFuture<AuthResult> revokeRoleAsync(String user, String role) {
		return this.calls.handOff(callRevokeRole(user, role));
	}

	private CompletableFuture<AuthResult> callRevokeRole(String user, String role) {
		return this.calls.unary(AuthGrpc.getUserRevokeRoleMethod(), AuthCodec.revokeRole(user, role),
				RetryPolicy.NON_REPEATABLE, (answer, sentAtNanos) -> result(answer.getHeader()));
	}

	@Override
	public AuthResult addRole(String role) {
		return BlockingCall.await(callAddRole(role));
	}

	@Override
	public CompletableFuture<AuthResult> addRoleAsync(String role) {
		return this.calls.handOff(callAddRole(role));
	}

	private CompletableFuture<AuthResult> callAddRole(String role) {
		return this.calls.unary(AuthGrpc.getRoleAddMethod(), AuthCodec.addRole(role), RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> result(answer.getHeader()));
	}

	@Override
	public RoleResult getRole(String role) {
		return BlockingCall.await(callGetRole(role));
	}

	@Override
	public CompletableFuture<RoleResult> getRoleAsync(String role) {
		return this.calls.handOff(callGetRole(role));
	}

	private CompletableFuture<RoleResult> callGetRole(String role) {
		return this.calls.unary(AuthGrpc.getRoleGetMethod(), AuthCodec.getRole(role), RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> new RoleResult(KvCodec.header(answer.getHeader()),
						answer.getPermList().stream().map(AuthCodec::fromProto).toList()));
	}

	@Override
	public RolesResult listRoles() {
		return BlockingCall.await(callListRoles());
	}

	@Override
	public CompletableFuture<RolesResult> listRolesAsync() {
		return this.calls.handOff(callListRoles());
	}

	private CompletableFuture<RolesResult> callListRoles() {
		return this.calls.unary(AuthGrpc.getRoleListMethod(), AuthProto.AuthRoleListRequest.getDefaultInstance(),
				RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> new RolesResult(KvCodec.header(answer.getHeader()), answer.getRolesList()));
	}

	@Override
	public AuthResult deleteRole(String role) {
		return BlockingCall.await(callDeleteRole(role));
	}

	@Override
	public CompletableFuture<AuthResult> deleteRoleAsync(String role) {
		return this.calls.handOff(callDeleteRole(role));
	}

	private CompletableFuture<AuthResult> callDeleteRole(String role) {
		return this.calls.unary(AuthGrpc.getRoleDeleteMethod(), AuthCodec.deleteRole(role), RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> result(answer.getHeader()));
	}

	@Override
	public AuthResult grantPermission(String role, Permission permission) {
		return BlockingCall.await(callGrantPermission(role, permission));
	}

	@Override
	public CompletableFuture<AuthResult> grantPermissionAsync(String role, Permission permission) {
		return this.calls.handOff(callGrantPermission(role, permission));
	}

	private CompletableFuture<AuthResult> callGrantPermission(String role, Permission permission) {
		return this.calls.unary(AuthGrpc.getRoleGrantPermissionMethod(), AuthCodec.grantPermission(role, permission),
				RetryPolicy.NON_REPEATABLE, (answer, sentAtNanos) -> result(answer.getHeader()));
	}

	@Override
	public AuthResult revokePermission(String role, KeyRange range) {
		return BlockingCall.await(callRevokePermission(role, range));
	}

	@Override
	public CompletableFuture<AuthResult> revokePermissionAsync(String role, KeyRange range) {
		return this.calls.handOff(callRevokePermission(role, range));
	}

	private CompletableFuture<AuthResult> callRevokePermission(String role, KeyRange range) {
		return this.calls.unary(AuthGrpc.getRoleRevokePermissionMethod(), AuthCodec.revokePermission(role, range),
				RetryPolicy.NON_REPEATABLE, (answer, sentAtNanos) -> result(answer.getHeader()));
	}

	private static AuthResult result(HeaderProto.ResponseHeader header) {
		return new AuthResult(KvCodec.header(header));
	}

}
