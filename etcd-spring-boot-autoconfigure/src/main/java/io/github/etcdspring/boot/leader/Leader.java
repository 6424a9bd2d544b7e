/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Lets a method run only where its role is led. All instances of the application campaign
 * for the role from the moment they are ready; one holds it, until it stops, dies or is
 * cut off from etcd, and then another does. A call elsewhere does nothing and returns
 * {@code null}, an empty {@code Optional}, or a completed future of {@code null}. Meant
 * for {@code @Scheduled} methods: no call asks etcd.
 * <p>
 * <strong>Not guaranteed</strong>: that two instances never run the method at the same
 * time, or that each run takes place exactly once. An instance that cannot be sure that
 * it leads does not begin; but one that is paused in the middle of a run, or cut off, may
 * go on while another begins. What must not happen twice carries the fencing token, or is
 * written to etcd in a transaction with the guard: see
 * {@link LeaderElections#leadership(String)}.
 * <p>
 * On a class it stands for each of its methods that can be called from outside; on a
 * method it wins over that. The bean is proxied: a method that calls another of its own
 * object does not pass here. A method that cannot be guarded (private, static or final,
 * or with a primitive or a reactive return type) keeps the application from starting.
 */
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
public @interface Leader {

	/**
	 * Alias of {@link #name()}.
	 * @return the role
	 */
	@AliasFor("name")
	String value() default "";

	/**
	 * Returns the role. It is led once among the instances of one application, or, if it
	 * begins with {@code /}, once among all applications that use it. Placeholders are
	 * resolved when the application starts. Default: the class's simple name, followed by
	 * {@code .} and the method's name when it stands on a method.
	 * @return the role
	 */
	@AliasFor("value")
	String name() default "";

}
