/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Runs the tests of a class against every server of the contract. The class takes the
 * {@link ContractServer} by its constructor. Servers are started when a class first needs
 * one and shared by all classes, so each test keeps to keys of its own, and leaves
 * members, users and alarms as it found them. Leases of others may expire meanwhile, with
 * their keys: no test owns the store's revision.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@ArgumentsSource(ContractServers.class)
@interface Contract {

}
