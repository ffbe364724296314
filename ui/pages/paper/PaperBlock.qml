pragma ComponentBehavior: Bound

import QtQuick
import Cms.Theme
import Cms.Components
import "paint.js" as Paint

// One block of a contract's text, with its slice of the sheet that it lies on.
Item {
    id: block

    required property int index
    required property string kind
    required property string number
    required property string html
    required property string marker
    required property int indent
    required property int clause
    required property string side
    required property string place
    property real sheetWidth: width
    property bool lastOne: false
    property bool active: false

    readonly property bool numbered: clause >= 0
    readonly property bool rich: kind === "change" || kind === "marked" || html.includes("<span")
    readonly property bool heading: kind === "title" || kind === "heading"
    readonly property bool plain: ["note", "label", "small", "change-head"].includes(kind)
    readonly property real margin: Math.min(Theme.sizePaperMargin, sheetWidth / 10)
    readonly property bool preformatted: kind === "code" || kind === "source"
    // No number and no marker may lie over the text, however long it is written.
    readonly property real gutter: numbered ? Math.max(Theme.space(4), Theme.space(1) + Theme.space(1.25) * String(clause + 1).length) : 0
    readonly property real inset: gutter + Math.max(0, indent - 1) * Theme.space(3)
    readonly property real textLeft: inset + (kind === "source" ? Theme.space(2) : 0) + (indent > 0 ? Math.max(Theme.space(3), bullet.width + Theme.space(1)) : 0)
    readonly property real above: index === 0 ? margin : gaps[number === "" ? kind : "clause"] ?? Theme.space(1)
    readonly property real below: kind === "end" ? margin : 0
    readonly property var gaps: ({
            "title": Theme.space(2),
            "note": Theme.space(0.5),
            "rule": Theme.space(2),
            "intro": Theme.space(3),
            "clause": Theme.space(2),
            "marked": Theme.space(2),
            "heading": Theme.space(4),
            "line": Theme.space(2),
            "label": Theme.space(2),
            "small": Theme.space(0.5),
            "fact": Theme.space(0.25),
            "change-head": Theme.space(2),
            "item": Theme.space(0.5),
            "cells": Theme.space(0.5),
            "change": Theme.space(0.5)
        })

    implicitHeight: above + content.height + below

    Rectangle {
        id: sheet

        x: Math.round((block.width - width) / 2)
        width: block.sheetWidth
        height: block.height
        color: Theme.paper

        Hairline {
            width: parent.width
            visible: block.index === 0
        }
        Hairline {
            width: parent.width
            anchors.bottom: parent.bottom
            visible: block.lastOne
        }
        Hairline {
            vertical: true
            height: parent.height
        }
        Hairline {
            vertical: true
            height: parent.height
            anchors.right: parent.right
        }
        Rectangle {
            visible: block.active
            x: block.margin - Theme.space(2)
            // The blocks of one clause touch, so that its mark is one piece.
            y: block.number === "" ? 0 : block.above - Theme.space(0.5)
            width: sheet.width - 2 * x
            height: block.height - y + (block.number === "" ? 0 : Theme.space(0.25))
            color: Theme.accentTint

            Rectangle {
                width: Theme.lineActiveMarker
                height: parent.height
                color: Theme.accent
            }
        }
    }

    Item {
        id: content

        x: sheet.x + block.margin
        y: block.above
        width: sheet.width - 2 * block.margin
        height: block.kind === "line" || block.kind === "end" ? Theme.lineHairline : block.kind === "rule" ? Theme.space(0.5) : body.height

        Hairline {
            width: parent.width
            strong: block.kind === "rule"
            visible: block.kind === "line" || block.kind === "rule"
        }
        Hairline {
            width: parent.width
            anchors.bottom: parent.bottom
            strong: true
            visible: block.kind === "rule"
        }
        Rectangle {
            visible: block.kind === "source"
            x: block.inset
            // The pieces of one source touch; the first has its label.
            y: block.side === "" ? -block.above : 0
            width: Theme.lineActiveMarker
            height: body.height - y
            color: Theme.pending
        }
        T {
            visible: block.number !== ""
            role: "paperBody"
            color: Theme.inkTertiary
            text: block.number
        }
        T {
            id: bullet

            visible: block.marker !== ""
            x: block.inset
            role: "paperBody"
            color: Theme.inkTertiary
            text: block.marker
        }
        T {
            id: body

            x: block.textLeft
            width: parent.width - x - (aside.visible ? aside.width + Theme.space(1) : 0)
            visible: block.html !== ""
            role: block.heading ? "paperTitle" : block.preformatted || block.kind === "fact" ? "mono" : block.kind === "note" ? "body" : block.kind === "label" || block.kind === "change-head" ? "smallStrong" : block.kind === "small" ? "small" : "paperBody"
            color: block.kind === "note" || block.kind === "fact" ? Theme.inkSecondary : Theme.ink
            wrapMode: Text.Wrap
            textFormat: block.rich ? Text.RichText : Text.StyledText
            // Rich text sets its own lines; the height of the others is fixed.
            lineHeightMode: block.rich ? Text.ProportionalHeight : Text.FixedHeight
            lineHeight: block.rich ? 1 : Theme.lineHeight(role)
            text: Paint.paint(block.html, Theme, block.rich ? Theme.lineHeight(role) / natural.height : 0)
            Accessible.role: block.heading ? Accessible.Heading : Accessible.Paragraph
        }
        FontMetrics {
            id: natural

            font: body.font
        }
        T {
            id: aside

            visible: block.side !== ""
            anchors.right: parent.right
            role: block.kind === "small" ? "mono" : "small"
            color: Theme.inkTertiary
            text: block.side
        }
    }
}
