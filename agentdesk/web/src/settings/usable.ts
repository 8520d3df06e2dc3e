import { pages as allPages, type Page } from "../frame/route";
import { type Group, groups, type Shortcut } from "../frame/shortcuts";

export const groupNames = Object.keys(groups) as Group[];

/** The shortcuts of a group without those to pages this person has not. */
export const usable = (group: readonly Shortcut[], pages: readonly Page[]): Shortcut[] =>
  group.filter((one) => !allPages.some((page) => page === one) || pages.some((page) => page === one));
